using System.Globalization;
using MLNetCnn.Data;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>A column of figures in the leaderboard.</summary>
/// <param name="Key">Its name for sorting.</param>
/// <param name="Header">Its heading.</param>
/// <param name="Meaning">What the figure is, for the heading's tooltip.</param>
/// <param name="Value">The figure of a run, null where it has none.</param>
/// <param name="Write">How it is shown.</param>
/// <param name="BestIsLow">Whether a first click sorts upwards.</param>
internal sealed record LeaderboardColumn(
    string Key, string Header, string Meaning, Func<RunRecord, double?> Value, Func<double, string> Write, bool BestIsLow = false)
{
    /// <summary>What stands small beside a run's figure; empty for nothing.</summary>
    public Func<RunRecord, string> Remark { get; init; } = _ => "";

    /// <summary>The columns for which at least one run has a figure.</summary>
    public static IReadOnlyList<LeaderboardColumn> For(IReadOnlyList<RunRecord> runs) =>
        [.. All(runs).Where(column => runs.Any(run => column.Value(run) is not null))];

    /// <summary>The figure as the script sorts it.</summary>
    public string SortValue(RunRecord run) => Value(run) is { } value && double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    private static IEnumerable<LeaderboardColumn> All(IReadOnlyList<RunRecord> runs)
    {
        var k = runs.Select(run => (run.Test ?? run.Validation)?.TopK).FirstOrDefault(topK => topK is not null) ?? 5;
        yield return Accuracy("train", "Training", DatasetSplit.Train);
        yield return Accuracy("validation", "Validation", DatasetSplit.Validation);
        yield return Accuracy("test", "Test", DatasetSplit.Test);
        yield return new("published", "Published", "accuracy that the publication gives, in per cent",
            run => PublishedComparison.Of(run)?.Published, share => Show.Percent(share))
        {
            Remark = run => PublishedComparison.Of(run) is { Part: not DatasetSplit.Test } other ? other.Part.Text() : "",
        };
        yield return new("difference", "Difference", "ours less published, in percentage points",
            run => PublishedComparison.Of(run)?.Difference, difference => Show.Points(difference));
        yield return new("f1", "Macro-F1", "mean F1 over the classes, in per cent, on test images (else validation)",
            run => (run.Test ?? run.Validation)?.MacroF1, share => Show.Percent(share));
        yield return new("topk", $"Top-{k}", $"true class among the {k} most probable, in per cent, on test images (else validation)",
            run => (run.Test ?? run.Validation)?.TopKAccuracy, share => Show.Percent(share));
        yield return new("logloss", "Log-loss", "mean negative logarithm of the true class's probability, on test images (else validation)",
            run => (run.Test ?? run.Validation)?.LogLoss, loss => Show.Fixed(loss, 4), BestIsLow: true);
        yield return new("ece", "ECE", "expected calibration error of the model file on test images, in per cent",
            run => run.Calibration?.After.Expected, share => Show.Percent(share), BestIsLow: true);
        yield return new("parameters", "Parameters", "all parameters of the network",
            run => run.ParameterCount > 0 ? run.ParameterCount : null, count => Show.Count((long)count), BestIsLow: true);
        yield return new("epochs", "Epochs", "epochs trained",
            run => run.History.Epochs.Count > 0 ? run.History.Epochs.Count : null, count => Show.Count((long)count), BestIsLow: true);
        yield return new("seconds", "Time", "from start to model file",
            run => run.Seconds > 0 ? run.Seconds : null, Show.Seconds, BestIsLow: true);
        yield return new("training", "Training epochs", "seconds in training epochs",
            run => run.TrainSeconds > 0 ? run.TrainSeconds : null, Show.Seconds, BestIsLow: true);
        yield return new("evaluating", "Evaluation", "seconds for evaluating the final model",
            run => run.EvaluateSeconds > 0 ? run.EvaluateSeconds : null, Show.Seconds, BestIsLow: true);
        yield return new("memory", "Peak memory", "the process's highest resident memory until the run's end",
            run => run.PeakMemoryBytes > 0 ? run.PeakMemoryBytes : null, bytes => Show.Bytes((long)bytes), BestIsLow: true);
        yield return new("bytes", "Size", "the model file",
            run => run.ModelBytes > 0 ? run.ModelBytes : null, bytes => Show.Bytes((long)bytes), BestIsLow: true);
        yield return new("latency", "Latency", "median milliseconds per image on one CPU thread",
            run => run.Latency?.P50Milliseconds, time => Show.Fixed(time, 2) + " ms", BestIsLow: true)
        {
            Remark = run => run.Latency is { } latency ? $"p95 {Show.Fixed(latency.P95Milliseconds, 2)}" : "",
        };
    }

    private static LeaderboardColumn Accuracy(string key, string header, DatasetSplit part) => new(
        key, header, $"accuracy on the {part.Text()} images, in per cent",
        run => run.Accuracy(part)?.Mean, share => Show.Percent(share))
    {
        Remark = run => run.Accuracy(part)?.Range() ?? "",
    };
}
