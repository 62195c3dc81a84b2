using System.Globalization;

using MLNetCnn.AutoML;
using MLNetCnn.Reports.Markup;

namespace MLNetCnn.Reports.Figures;

/// <summary>Which worker ran which trial when.</summary>
internal static class SearchTimeline
{
    private static readonly (TrialState State, string Name, string Colour)[] States =
    [
        (TrialState.Finished, "finished", Ink.Ours), (TrialState.Pruned, "pruned", Ink.Faint), (TrialState.Failed, "failed", "var(--series-4)"),
    ];

    public static Chart Of(SweepRecord sweep)
    {
        var workers = sweep.Trials.Select(trial => trial.Worker).Where(worker => worker.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList();
        var traces = States.Select(state => Bars(sweep.Trials.Where(trial => trial.State == state.State).ToArray(), workers, state.Name, state.Colour));
        return new(
            "What the workers did when",
            new([.. traces], new Layout
            {
                Height = 130 + (34 * workers.Count),
                XAxis = new() { Title = new("seconds since the sweep began"), RangeMode = "tozero" },
                YAxis = new()
                {
                    Range = [-0.6, workers.Count - 0.4],
                    TickValues = [.. workers.Select((_, row) => (double)row)],
                    TickText = [.. workers.Select((_, row) => new PlotText(string.Create(CultureInfo.InvariantCulture, $"worker {row + 1}")))],
                    ShowGrid = false,
                },
            }),
            new(
                ["Trial", "Worker", "Began after", "Took", "Cache"],
                [.. sweep.Trials.Select(trial => (IReadOnlyList<string>)
                    [SearchProgress.Name(trial), trial.Worker, Show.Seconds(trial.Started), Show.Seconds(trial.Seconds), trial.CacheHits > 0 ? "used" : ""])],
                TextColumns: 2));
    }

    // A line of its own for every trial, with a gap behind it.
    private static ScatterTrace Bars(TrialSummary[] trials, List<string> workers, string name, string colour) => new()
    {
        Name = name,
        X = [.. trials.SelectMany(trial => new double?[] { trial.Started, SearchProgress.End(trial), null })],
        Y = [.. trials.SelectMany(trial => new double?[] { workers.IndexOf(trial.Worker), workers.IndexOf(trial.Worker), null })],
        HoverText = [.. trials.SelectMany(trial => Enumerable.Repeat(new PlotText($"{SearchProgress.Name(trial)}, {Show.Seconds(trial.Seconds)}"), 3))],
        Mode = "lines",
        Line = new(colour, 16),
        HoverTemplate = "%{hovertext}<extra></extra>",
    };
}
