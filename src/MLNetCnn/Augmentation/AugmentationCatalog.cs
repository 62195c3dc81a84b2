using System.Text.Json;


namespace MLNetCnn.Augmentation;

/// <summary>Augmentations by name, for those who do not want to compose their own.</summary>
public static class AugmentationCatalog
{
    private static readonly Dictionary<string, AugmentationSettings> Presets = new(StringComparer.Ordinal)
    {
        ["light"] = new() { Transforms = [new RandomHorizontalFlip(), new RandomTranslation(0.1, 0.1)] },
        ["standard"] = new() { Transforms = [new RandomHorizontalFlip(), new RandomRotation(0.04), new RandomTranslation(0.1, 0.1), new RandomZoom(0.1), new ColorJitter(0.2, 0.2, 0.2)] },
        ["strong"] = new()
        {
            Transforms =
            [
                new RandomHorizontalFlip(),
                new RandomResizedCrop(MinScale: 0.3),
                new ColorJitter(0.4, 0.4, 0.4, 0.1),
                new RandomErasing { Probability = 0.25 },
                new MixUp(0.2) { Probability = 0.5 },
                new CutMix(1) { Probability = 0.5 },
            ],
        },
        ["trivial"] = new() { Transforms = [new RandomHorizontalFlip(), new TrivialAugmentWide()] },
        ["randaugment"] = new() { Transforms = [new RandomHorizontalFlip(), new RandAugment()] },
    };

    /// <summary>
    /// The names: <c>light</c> (horizontal flip, translation 0.1), <c>standard</c> (horizontal flip, rotation 0.04, translation 0.1, zoom
    /// 0.1, colour jitter 0.2), <c>strong</c> (horizontal flip, resized crop from 0.3 of the area, colour jitter 0.4 with hue 0.1, erasing
    /// of every fourth image, MixUp 0.2 or CutMix 1), <c>trivial</c> (horizontal flip, TrivialAugment), <c>randaugment</c> (horizontal flip,
    /// RandAugment with 2 operations of magnitude 9).
    /// </summary>
    public static IReadOnlyList<string> Names => [.. Presets.Keys];

    /// <summary>An augmentation by name, or from a JSON file of <see cref="AugmentationSettings"/> as studies have them.</summary>
    /// <param name="nameOrPath">A name of <see cref="Names"/>, or the path of a file.</param>
    /// <exception cref="ConfigurationException">There is neither, or the file has problems: all are named.</exception>
    public static AugmentationSettings Load(string nameOrPath)
    {
        if (Presets.TryGetValue(nameOrPath, out var preset))
        {
            return preset;
        }

        if (!File.Exists(nameOrPath))
        {
            throw new ConfigurationException($"there is no augmentation '{nameOrPath}': choose from {string.Join(", ", Names)}, or give a JSON file");
        }

        AugmentationSettings settings;
        try
        {
            settings = JsonSerializer.Deserialize<AugmentationSettings>(File.ReadAllBytes(nameOrPath), RecordJson.Options)
                ?? throw new ConfigurationException($"{nameOrPath}: holds null where an augmentation is expected");
        }
        catch (JsonException exception)
        {
            throw new ConfigurationException($"{nameOrPath}: {RecordJson.Explain(exception)}");
        }

        ConfigurationException.ThrowIfAny(settings.Problems().Select(problem => $"{nameOrPath}: {problem}"));
        return settings;
    }
}
