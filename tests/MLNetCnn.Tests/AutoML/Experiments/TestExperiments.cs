using MLNetCnn.AutoML;

using Parameter = MLNetCnn.AutoML.Parameter;

namespace MLNetCnn.Tests.AutoML.Experiments;

/// <summary>Experiments whose trials are functions of their parameter.</summary>
internal static class TestExperiments
{
    public static AutoMLExperiment Experiment(SearchSpace space, Func<TrialSettings, TrialResult> run, params Parameter[] first) =>
        new MLContext(seed: 5).Auto().CreateExperiment().SetSearchSpace(space, first).SetTrialRunner(() => new Runner(run));

    public static Parameter Parse(string json) => Parameter.Parse(json);

    public static TrialResult Result(TrialSettings trial, double loss) => new() { TrialSettings = trial, Loss = loss, Metric = -loss };

    public sealed class Runner(Func<TrialSettings, TrialResult> run) : ITrialRunner
    {
        public Task<TrialResult> RunAsync(TrialSettings settings, CancellationToken ct) => Task.FromResult(run(settings));

        public void Dispose()
        {
        }
    }

    // Every trial comes closer to its own |x|, step by step.
    public sealed class Steps(int most) : IPrunableTrialRunner
    {
        public Task<TrialResult> RunAsync(TrialSettings settings, CancellationToken ct) => RunAsync(settings, _ => null, ct);

        public Task<TrialResult> RunAsync(TrialSettings settings, Func<TrialReport, string?> report, CancellationToken ct)
        {
            var end = Math.Abs(settings.Parameter["x"].AsType<double>());
            for (var step = 1; step <= most; step++)
            {
                var loss = end + (1.0 / step) - (1.0 / most);
                if (report(new TrialReport(step, loss)) is { } reason)
                {
                    return Task.FromResult(Result(settings, loss) with { State = TrialState.Pruned, Reason = reason, Steps = step });
                }
            }

            return Task.FromResult(Result(settings, end) with { Steps = most });
        }

        public void Dispose()
        {
        }
    }
}
