using MLNetCnn.Data;

namespace MLNetCnn.Runs;

/// <summary>What a report says about a dataset.</summary>
public sealed record DatasetSummary
{
    /// <summary>The manifest's name, or the folder's.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence on what the images are.</summary>
    public string Description { get; init; } = "";

    /// <summary>The licence as the source states it; null where none is stated.</summary>
    public string? Licence { get; init; }

    /// <summary>How to cite it; null where nothing is asked for.</summary>
    public string? Citation { get; init; }

    /// <summary>The classes, in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Image height, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Image width, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>1 (grey) or 3 (RGB).</summary>
    public required int Channels { get; init; }

    /// <summary>Training images per class, in label order.</summary>
    public required IReadOnlyList<int> TrainCounts { get; init; }

    /// <summary>Validation images per class; empty without a validation part.</summary>
    public IReadOnlyList<int> ValidationCounts { get; init; } = [];

    /// <summary>Test images per class; empty without a test part.</summary>
    public IReadOnlyList<int> TestCounts { get; init; } = [];

    /// <summary>SHA-256 over what the images depend on: manifest, source files, trimming, preprocessing.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>A few training images of each class.</summary>
    public IReadOnlyList<ExampleImage> Samples { get; init; } = [];

    /// <summary>What was left out or passed over in loading, one line each; of many of a kind the first ones.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>How many files and images were left out.</summary>
    public int LeftOut { get; init; }

    /// <summary>What an audit found; null where none was made.</summary>
    public DataAudit? Audit { get; init; }

    /// <summary>What a report says about a dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="samplesPerClass">Training images of each class to show, the first ones; 0 for none. By default 8, or as many as make 300 of all, of some of the classes where there are more.</param>
    public static DatasetSummary Of(ImageDataset dataset, int? samplesPerClass = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfNegative(samplesPerClass ?? 0, nameof(samplesPerClass));
        var train = dataset.Train;
        return new DatasetSummary
        {
            Name = dataset.Manifest.Name,
            Description = dataset.Manifest.Description,
            Licence = dataset.Manifest.Licence,
            Citation = dataset.Manifest.Citation,
            Classes = dataset.ClassNames,
            Height = train.Height,
            Width = train.Width,
            Channels = train.Channels,
            TrainCounts = train.ClassCounts(),
            ValidationCounts = dataset.Validation?.ClassCounts() ?? [],
            TestCounts = dataset.Test?.ClassCounts() ?? [],
            Fingerprint = dataset.Fingerprint,
            Samples = ShownOf(train, samplesPerClass),
            Problems = dataset.Problems,
            LeftOut = dataset.LeftOut,
            Audit = DataAudit.Find(dataset),
        };
    }

    private static List<ExampleImage> ShownOf(ImageSet images, int? perClass)
    {
        const int Most = 300, MostPerClass = 8;
        var classes = images.ClassNames;
        var shown = perClass is null ? Math.Min(classes.Count, Most) : classes.Count;
        var each = perClass ?? Math.Clamp(Most / Math.Max(1, classes.Count), 1, MostPerClass);
        var ofLabel = images.Labels.ToArray().Index().ToLookup(image => image.Item, image => image.Index);
        return [.. from place in Enumerable.Range(0, shown)
                   let label = (int)((long)place * classes.Count / shown)
                   from index in ofLabel[label].Take(each)
                   select new ExampleImage(ExampleImage.Encode(images.Image(index)), classes[label])];
    }
}
