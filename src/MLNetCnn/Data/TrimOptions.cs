using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>Makes a dataset smaller: fewer classes, fewer images. Drawn at random within each class, the same for a seed.</summary>
public sealed record TrimOptions
{
    /// <summary>The classes to keep, in every split; null for all. The order of labels stays the dataset's.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The most training images per class, at least 1; null for all.</summary>
    public int? ImagesPerClass { get; init; }

    /// <summary>The most training images altogether, at least 1, each class in proportion; null for all.</summary>
    public int? TotalImages { get; init; }

    /// <summary>The most validation images, and the most test images, per class, at least 1; null for all.</summary>
    public int? TestImagesPerClass { get; init; }

    /// <summary>Which images are drawn; 0 by default.</summary>
    public int Seed { get; init; }

    /// <summary>What the choice of images depends on, as one line.</summary>
    internal string Identity => string.Create(
        CultureInfo.InvariantCulture,
        $"classes={(Classes is null ? "all" : string.Join('|', Classes))};perClass={ImagesPerClass};total={TotalImages};test={TestImagesPerClass};seed={Seed}");

    internal int[] Select(DatasetSplit split, ReadOnlySpan<int> labels) => split == DatasetSplit.Train
        ? StratifiedSplit.Draw(labels, ImagesPerClass, TotalImages, Seed)
        : StratifiedSplit.Draw(labels, TestImagesPerClass, null, Seed);

    internal IEnumerable<string> Validate()
    {
        foreach (var (name, value) in new[]
        {
            (nameof(ImagesPerClass), ImagesPerClass), (nameof(TotalImages), TotalImages), (nameof(TestImagesPerClass), TestImagesPerClass),
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
