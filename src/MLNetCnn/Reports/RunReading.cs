using MLNetCnn.Data;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports;

/// <summary>What several sections read off a run in the same way.</summary>
internal static class RunReading
{
    /// <summary>Whether it came to an end with a model that was evaluated.</summary>
    public static bool IsFinished(this RunRecord run) =>
        run.Status is RunStatus.Completed or RunStatus.Cancelled && (run.Validation ?? run.Test) is { Count: > 0 };

    /// <summary>The part to look for errors on: test images, else validation images; null where it has neither.</summary>
    public static DatasetSplit? ErrorPart(this RunRecord run) =>
        run.On(DatasetSplit.Test) is not null ? DatasetSplit.Test :
        run.On(DatasetSplit.Validation) is not null ? DatasetSplit.Validation : null;

    /// <summary>Whether its accuracies are means over several seeds.</summary>
    public static bool HasSeeds(this RunRecord run) => run.Seeds.Count(seed => seed.Status == run.Status) > 1;

    /// <summary>From the lowest to the highest accuracy over the seeds; empty where there is one.</summary>
    public static string Range(this RunAccuracy accuracy) =>
        accuracy.IsMean ? $"{Show.Percent(accuracy.Lowest)} to {Show.Percent(accuracy.Highest)}" : "";

    /// <summary>How a reader calls a status.</summary>
    public static string Text(this RunStatus status) => status switch
    {
        RunStatus.Completed => "completed",
        RunStatus.Cancelled => "stopped early",
        RunStatus.Failed => "failed",
        _ => "not run",
    };

    /// <summary>How a reader calls a part of the data.</summary>
    public static string Text(this DatasetSplit part) => part switch
    {
        DatasetSplit.Train => "training",
        DatasetSplit.Validation => "validation",
        _ => "test",
    };
}
