using System.Globalization;
using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>How a dataset is loaded.</summary>
public sealed record DatasetLoadOptions : SourceOptions
{
    /// <summary>The largest height and width that images can be given.</summary>
    public const int MaxSide = 4096;

    /// <summary>Where dataset names are looked up; those of <see cref="ManifestCatalog()"/> where null.</summary>
    public ManifestCatalog? Catalog { get; init; }

    /// <summary>The height to give the images, 1 to 4096; null for the manifest's (224 for a bare folder).</summary>
    public int? Height { get; init; }

    /// <summary>The width to give the images, 1 to 4096; null for the manifest's (224 for a bare folder).</summary>
    public int? Width { get; init; }

    /// <summary>1 (grey) or 3 (RGB); null for the manifest's (3 for a bare folder).</summary>
    public int? Channels { get; init; }

    /// <summary>What happens to images of another aspect ratio; stretches by default.</summary>
    public ResizingKind Resizing { get; init; } = ResizingKind.Fill;

    /// <summary>The classes to keep; null for the manifest's choice.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The most training images per class, at least 1; null for the manifest's choice.</summary>
    public int? TrainImagesPerClass { get; init; }

    /// <summary>The most training images altogether, at least 1, each class in proportion; null for the manifest's choice.</summary>
    public int? TrainImages { get; init; }

    /// <summary>The most validation images, and the most test images, per class, at least 1; null for the manifest's choice.</summary>
    public int? TestImagesPerClass { get; init; }

    /// <summary>The seed of the choice of images and of the splits below; null for the manifest's, or 0.</summary>
    public int? Seed { get; init; }

    /// <summary>
    /// The part of the training images to test on where the dataset brings no test images, in [0, 1); null for the manifest's (0.2
    /// for a bare folder). Stratified; drawn by the images' names, before the rest is trimmed and the validation part is drawn.
    /// </summary>
    public double? TestFraction { get; init; }

    /// <summary>
    /// The part of the (remaining) training images to validate on where the dataset brings no validation images, in [0, 1); null
    /// for the manifest's (0 where it states none). Stratified.
    /// </summary>
    public double? ValidationFraction { get; init; }

    /// <summary>Whether these options choose other images than a manifest does, so that its counts after trimming do not hold.</summary>
    internal bool TrimsOtherwise => (Classes, TrainImagesPerClass, TrainImages, TestImagesPerClass) is not (null, null, null, null);

    /// <summary>These options over a manifest's.</summary>
    internal TrimOptions TrimOver(TrimOptions? manifest) => new()
    {
        Classes = Classes ?? manifest?.Classes,
        TrainImagesPerClass = TrainImagesPerClass ?? manifest?.TrainImagesPerClass,
        TrainImages = TrainImages ?? manifest?.TrainImages,
        TestImagesPerClass = TestImagesPerClass ?? manifest?.TestImagesPerClass,
        Seed = Seed ?? manifest?.Seed ?? 0,
    };

    /// <summary>The share that is held out to validate on, where there are no such images.</summary>
    internal double ValidationOver(DatasetManifest manifest) => ValidationFraction ?? manifest.HoldOut?.Validation ?? 0;

    /// <summary>The seed of the splits.</summary>
    internal int SeedOver(DatasetManifest manifest) => Seed ?? manifest.HoldOut?.Seed ?? manifest.Trim?.Seed ?? 0;

    /// <summary>Checks all values at once.</summary>
    /// <exception cref="ConfigurationException">Some are out of range; each is named with its rule.</exception>
    internal void Validate()
    {
        var problems = new List<string>();
        foreach (var (name, value) in new[] { (nameof(Height), Height), (nameof(Width), Width) })
        {
            if (value is < 1 or > MaxSide)
            {
                problems.Add($"{name} is {value}: 1 to {MaxSide} pixels are possible");
            }
        }

        if (Channels is not (null or 1 or 3))
        {
            problems.Add($"{nameof(Channels)} is {Channels}: 1 (grey) or 3 (RGB) are possible");
        }

        foreach (var (name, value) in new[] { (nameof(TestFraction), TestFraction), (nameof(ValidationFraction), ValidationFraction) })
        {
            if (value is not (null or (>= 0 and < 1)))
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}: a fraction from 0 up to, but not, 1 is possible"));
            }
        }

        problems.AddRange(TrimOver(null).Validate());
        ConfigurationException.ThrowIfAny(problems);
    }
}
