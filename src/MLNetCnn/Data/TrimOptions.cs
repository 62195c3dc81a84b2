using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>Makes a dataset smaller: fewer classes, fewer images. Drawn at random within each class, the same for a seed.</summary>
public sealed record TrimOptions
{
    /// <summary>The classes to keep, in every split; null for all. The order of labels stays the dataset's.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The most training images per class, at least 1; null for all.</summary>
    public int? TrainImagesPerClass { get; init; }

    /// <summary>The most training images altogether, at least 1, each class in proportion; null for all.</summary>
    public int? TrainImages { get; init; }

    /// <summary>The most validation images, and the most test images, per class, at least 1; null for all.</summary>
    public int? TestImagesPerClass { get; init; }

    /// <summary>Which images are drawn; 0 by default.</summary>
    public int Seed { get; init; }

    /// <summary>What the choice of images depends on, as one line; the seed only where there is a choice.</summary>
    internal string Identity => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Classes is null ? "all" : string.Join('|', Classes))};{TrainImagesPerClass};{TrainImages};{TestImagesPerClass};{(Draws ? Seed : 0)}");

    private bool Draws => TrainImagesPerClass is not null || TrainImages is not null || TestImagesPerClass is not null;

    internal int[] Select(DatasetSplit split, ReadOnlySpan<int> labels) => split == DatasetSplit.Train
        ? StratifiedSplit.Draw(labels, TrainImagesPerClass, TrainImages, Seed)
        : StratifiedSplit.Draw(labels, TestImagesPerClass, null, Seed);

    internal IEnumerable<string> Validate()
    {
        foreach (var (name, value) in new[]
        {
            (nameof(TrainImagesPerClass), TrainImagesPerClass), (nameof(TrainImages), TrainImages), (nameof(TestImagesPerClass), TestImagesPerClass),
        })
        {
            if (value < 1)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{name} is {value}: at least 1 image must stay");
            }
        }

        if (Classes is { Count: 0 })
        {
            yield return $"{nameof(Classes)} is empty: name at least one class, or leave it out to keep all";
        }
    }
}
