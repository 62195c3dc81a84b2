using MLNetCnn.AutoML;
using MLNetCnn.Runs;

namespace MLNetCnn.Tests.Reports;

/// <summary>A sweep as a real one leaves it: a third of the trials finished, the others pruned.</summary>
internal static class SampleSweep
{
    public static SweepRecord Create(int trials, IReadOnlyList<RunRecord> finalists) => new()
    {
        Dataset = "photos",
        Settings = new ExperimentSettings { Seconds = 600 },
        Space = "{}",
        Seed = 0,
        Seconds = 590,
        Runs = finalists,
        Trials = [.. Enumerable.Range(0, trials).Select(i => new TrialSummary(
            i, i % 3 == 0 ? TrialState.Finished : TrialState.Pruned,
            new Dictionary<string, string> { ["arch"] = i % 2 == 0 ? "resnet-50" : "mobilenet-v2", ["learningRate"] = $"0.0{i + 10}", ["epoch"] = $"{10 + i}" },
            0.5 + (i / 300.0), 0.5 - (i / 300.0), 10 + i, i * 5, 5, i > 1 ? 1 : 0, [.. Enumerable.Range(1, 10 + i).Select(epoch => 0.5 + (i * epoch / 60_000.0))], "one", i % 3 == 0 ? null : "asha: others did better after 3 steps"))],
    };
}
