using MLNetCnn.Evaluation;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports;

/// <summary>What several sections read off a run in the same way.</summary>
internal static class RunReading
{
    /// <summary>Whether it came to an end with a model that was evaluated.</summary>
    public static bool IsFinished(this RunRecord run) =>
        run.Status is RunStatus.Completed or RunStatus.Cancelled && (run.Validation ?? run.Test) is { Count: > 0 };

    /// <summary>The figures on one part of the data; null where it was not evaluated there.</summary>
    public static ClassificationSummary? On(this RunRecord run, DataPart part) => part switch
    {
        DataPart.Train => run.Train,
        DataPart.Validation => run.Validation,
        _ => run.Test,
    } is { Count: > 0 } figures ? figures : null;

    /// <summary>The part to look for errors on: test images, else validation images; null where it has neither.</summary>
    public static DataPart? ErrorPart(this RunRecord run) =>
        run.On(DataPart.Test) is not null ? DataPart.Test :
        run.On(DataPart.Validation) is not null ? DataPart.Validation : null;

    /// <summary>How a reader calls the status.</summary>
    public static string StatusText(this RunRecord run) => run.Status switch
    {
        RunStatus.Completed => "completed",
        RunStatus.Cancelled => "stopped by user",
        RunStatus.Failed => "failed",
        _ => "not run",
    };

    /// <summary>How a reader calls a part of the data.</summary>
    public static string Text(this DataPart part) => part switch
    {
        DataPart.Train => "training",
        DataPart.Validation => "validation",
        _ => "test",
    };
}
