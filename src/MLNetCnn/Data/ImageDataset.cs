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
    public int LeftOut => _origin.Index.LeftOut;

    /// <summary>The images to learn from when nothing is left to choose: those to train and those to validate on, in one set.</summary>
    public ImageSet TrainAndValidation => Validation is { } validation ? _all.Subset([.. Train.Indices, .. validation.Indices]) : Train;

    /// <summary>The images of all parts, in one set.</summary>
    public ImageSet All => _all;

    /// <summary>What the reading of its images left out, or found damaged.</summary>
    internal CacheIndex Index => _origin.Index;

    /// <summary>Where the findings of an audit of its images are kept, and then those of an audit of more of the same source.</summary>
    internal IReadOnlyList<string> AuditFiles => _origin.AuditFiles;

    /// <summary>Gives the images' memory back.</summary>
    public void Dispose() => _all.Dispose();
}

/// <summary>Where a loaded dataset comes from.</summary>
/// <param name="Key">What its images depend on.</param>
/// <param name="AuditFiles">Where an audit of its images is kept, and one of more of the same source.</param>
/// <param name="Problems">What was left out or passed over.</param>
/// <param name="Index">What the entry holds.</param>
internal sealed record DatasetOrigin(string Key, IReadOnlyList<string> AuditFiles, IReadOnlyList<string> Problems, CacheIndex Index);
