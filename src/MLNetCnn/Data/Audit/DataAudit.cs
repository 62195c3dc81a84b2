using System.Text.Json;

namespace MLNetCnn.Data;

/// <summary>What an audit looks for.</summary>
public enum AuditKind
{
    /// <summary>Files that were left out: corrupt, cut short, no images.</summary>
    LeftOut,

    /// <summary>Images that are kept though a part of them is lost.</summary>
    Damaged,

    /// <summary>Images with the same pixels in different splits: what is tested was learnt.</summary>
    DuplicatesAcrossSplits,

    /// <summary>Images with the same pixels in one split.</summary>
    DuplicatesWithinSplit,

    /// <summary>Images with the same pixels and different classes.</summary>
    DuplicatesAcrossClasses,

    /// <summary>Images that look alike in different splits.</summary>
    NearDuplicatesAcrossSplits,

    /// <summary>Images that look alike in one split.</summary>
    NearDuplicatesWithinSplit,

    /// <summary>Very dark images.</summary>
    Dark,

    /// <summary>Images of nearly one colour.</summary>
    Blank,

    /// <summary>Blurred images.</summary>
    Blurred,

    /// <summary>Images that were much smaller before they were resized.</summary>
    Tiny,

    /// <summary>Classes with few images beside others with many.</summary>
    Imbalance,

    /// <summary>Classes whose names differ only in case or separators.</summary>
    SimilarClassNames,
}

/// <summary>One kind of thing that an audit found.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Count">How often it was found: pairs of duplicates, images, classes or files.</param>
/// <param name="Rule">When an image counts as such, in words.</param>
/// <param name="Examples">The first ones, a line each.</param>
public sealed record AuditFinding(AuditKind Kind, long Count, string Rule, IReadOnlyList<string> Examples);

/// <summary>What is wrong with a dataset's images: travels with the dataset into every record and report.</summary>
/// <param name="Images">How many images were looked at.</param>
/// <param name="Findings">What was found; kinds without a finding are not listed.</param>
public sealed record DataAudit(int Images, IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>The finding of a kind; null where there is none.</summary>
    /// <param name="kind">The kind.</param>
    public AuditFinding? this[AuditKind kind] => Findings.FirstOrDefault(finding => finding.Kind == kind);

    /// <summary>Looks at all images of a dataset, and keeps what it finds in the cache, where that can be written to.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    public static DataAudit Run(ImageDataset dataset, IProgress<DataProgress>? progress = null, CancellationToken cancellation = default)
    {
        var audit = new DatasetAuditor(dataset).Run(progress, cancellation);
        AtomicFile.TryWrite(dataset.AuditFiles[0], JsonSerializer.Serialize(audit, RecordJson.Options));
        return audit;
    }

    /// <summary>What an earlier audit of these images, or of all images of these classes, found, whatever their size; null where there was none.</summary>
    /// <param name="dataset">The dataset.</param>
    public static DataAudit? Find(ImageDataset dataset) => dataset.AuditFiles.Select(Read).FirstOrDefault(audit => audit is not null);

    private static DataAudit? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<DataAudit>(File.ReadAllText(file), RecordJson.Options) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
