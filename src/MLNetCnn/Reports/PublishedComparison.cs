using MLNetCnn.Data;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports;

/// <summary>A published accuracy beside ours, both on the same part of the data.</summary>
/// <param name="Part">The part of the data that both were measured on.</param>
/// <param name="Published">The published accuracy, in [0, 1].</param>
/// <param name="Ours">Ours; null where this run has none on that part.</param>
public sealed record PublishedComparison(DatasetSplit Part, double Published, RunAccuracy? Ours)
{
    /// <summary>Ours less published, as a share.</summary>
    public double? Difference => Ours?.Mean - Published;

    /// <summary>
    /// The comparison that a run allows: on the test images where both sides have them, else validation, else training; null
    /// where nothing was published.
    /// </summary>
    public static PublishedComparison? Of(RunRecord run)
    {
        if (run.Published is not { } published)
        {
            return null;
        }

        DatasetSplit[] given = [.. new[] { DatasetSplit.Test, DatasetSplit.Validation, DatasetSplit.Train }
            .Where(part => published.On(part) is not null)
            .OrderBy(part => run.On(part) is null)];
        return given is [var first, ..] ? new(first, published.On(first)!.Value, run.Accuracy(first)) : null;
    }
}
