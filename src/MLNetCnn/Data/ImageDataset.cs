using MLNetCnn.Runs;

namespace MLNetCnn.Data;

/// <summary>A dataset, read, trimmed, split and cached. Owns the memory of its images.</summary>
public sealed class ImageDataset : IDisposable
{
    private readonly ImageSet _all;
    private readonly DatasetOrigin _origin;

    internal ImageDataset(
        DatasetManifest manifest, ImageSet train, ImageSet? validation, ImageSet? test, DatasetOrigin origin, ImageSet all)
    {
        Manifest = manifest;
        Train = train;
        Validation = validation;
        Test = test;
        _origin = origin;
        _all = all;
    }

    /// <summary>The manifest's name, or the folder's.</summary>
    public string Name => Manifest.Name;

    /// <summary>What the dataset is.</summary>
    public DatasetManifest Manifest { get; }

    /// <summary>The images to learn from.</summary>
    public ImageSet Train { get; }

    /// <summary>The images that steer training; null where there are none.</summary>
    public ImageSet? Validation { get; }

    /// <summary>The images for the final judgement; null where there are none.</summary>
    public ImageSet? Test { get; }

    /// <summary>The classes in label order, after trimming.</summary>
    public IReadOnlyList<string> ClassNames => Train.ClassNames;

    /// <summary>SHA-256 over what the images depend on, format, source files, trimming and size, and over what is in which part.</summary>
    public string Fingerprint => field ??= Checksum.OfText($"{_origin.Key} {Train.Fingerprint} {Validation?.Fingerprint} {Test?.Fingerprint}");

    /// <summary>What was left out or passed over, one line each: corrupt images above all. To be shown to the user.</summary>
    public IReadOnlyList<string> Problems => _origin.Problems;

    /// <summary>How many files and images were left out.</summary>
    public int LeftOut => _origin.LeftOut;

    /// <summary>What a report says about the dataset.</summary>
    /// <param name="samplesPerClass">Training images of each class to show, the first ones; 0 for none. By default 8, or as many as make 300 of all, of some of the classes where there are more.</param>
    public DatasetSummary Summarize(int? samplesPerClass = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samplesPerClass ?? 0, nameof(samplesPerClass));
        return new DatasetSummary
        {
            Name = Manifest.Name,
            Description = Manifest.Description,
            Licence = Manifest.Licence,
            Citation = Manifest.Citation,
            Classes = ClassNames,
            Height = Train.Height,
            Width = Train.Width,
            Channels = Train.Channels,
            TrainCounts = Train.ClassCounts(),
            ValidationCounts = Validation?.ClassCounts() ?? [],
            TestCounts = Test?.ClassCounts() ?? [],
            Fingerprint = Fingerprint,
            Samples = Samples(samplesPerClass),
            Problems = Problems,
            LeftOut = LeftOut,
            Audit = DataAudit.Find(this),
        };
    }

    /// <summary>The images to learn from when nothing is left to choose: those to train and those to validate on, in one set.</summary>
    public ImageSet TrainAndValidation => Validation is { } validation ? _all.Subset([.. Train.Indices, .. validation.Indices]) : Train;

    /// <summary>The images of all parts, in one set.</summary>
    public ImageSet All => _all;

    /// <summary>The folder of the cache that holds the images, and what belongs to them.</summary>
    internal string CacheEntry => _origin.Folder;

    /// <summary>Gives the images' memory back.</summary>
    public void Dispose() => _all.Dispose();

    private List<ExampleImage> Samples(int? perClass)
    {
        const int Most = 300, MostPerClass = 8;
        var shown = perClass is null ? Math.Min(ClassNames.Count, Most) : ClassNames.Count;
        var each = perClass ?? Math.Clamp(Most / Math.Max(1, ClassNames.Count), 1, MostPerClass);
        var ofLabel = Train.Labels.ToArray().Index().ToLookup(image => image.Item, image => image.Index);
        return [.. from place in Enumerable.Range(0, shown)
                   let label = (int)((long)place * ClassNames.Count / shown)
                   from index in ofLabel[label].Take(each)
                   select new ExampleImage(ExampleImage.Encode(Train.Image(index)), ClassNames[label])];
    }
}

/// <summary>Where a loaded dataset comes from.</summary>
/// <param name="Key">What its images depend on.</param>
/// <param name="Folder">Its entry in the cache.</param>
/// <param name="Problems">What was left out or passed over.</param>
/// <param name="LeftOut">How many files and images were left out.</param>
internal sealed record DatasetOrigin(string Key, string Folder, IReadOnlyList<string> Problems, int LeftOut);
