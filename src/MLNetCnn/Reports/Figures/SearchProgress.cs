using System.Globalization;

using MLNetCnn.AutoML;
using MLNetCnn.Reports.Markup;

namespace MLNetCnn.Reports.Figures;

/// <summary>A sweep over time: every trial where it ended, and the best accuracy so far.</summary>
internal static class SearchProgress
{
    public static Chart Of(SweepRecord sweep)
    {
        var trials = sweep.Trials.Where(trial => trial.Accuracy is not null).OrderBy(End).ToArray();
        var best = new List<double?>();
        foreach (var trial in trials)
        {
            var before = best.LastOrDefault();
            best.Add(trial.State == TrialState.Finished ? Math.Max(before ?? 0, trial.Accuracy!.Value * 100) : before);
        }

        Trace[] traces =
        [
            Points("finished", TrialState.Finished, "circle", Ink.Ours),
            Points("pruned", TrialState.Pruned, "x-thin-open", Ink.Quiet),
            new ScatterTrace { Name = "best so far", X = [.. trials.Select(trial => (double?)End(trial))], Y = best, Mode = "lines", Line = new(Ink.Published, 2, Shape: "hv"), HoverInfo = "skip" },
        ];
        return new(
            "Validation accuracy of every trial, and the best so far",
            new(traces, new Layout { Height = 360, XAxis = new() { Title = new("seconds since the sweep began") }, YAxis = new() { Title = new("validation accuracy, %") } }),
            new(
                ["Trial", "State", "Ended after", "Validation, %", "Best so far, %"],
                [.. trials.Zip(best).Select(row => (IReadOnlyList<string>)
                    [Name(row.First), row.First.State.ToString().ToLowerInvariant(), Show.Seconds(End(row.First)), Show.Percent(row.First.Accuracy), Show.Fixed(row.Second, 2)])],
                TextColumns: 2));

        ScatterTrace Points(string name, TrialState state, string symbol, string colour)
        {
            var own = trials.Where(trial => trial.State == state).ToArray();
            return new()
            {
                Name = name,
                X = [.. own.Select(trial => (double?)End(trial))],
                Y = [.. own.Select(trial => trial.Accuracy * 100)],
                HoverText = [.. own.Select(trial => new PlotText(Name(trial)))],
                Mode = "markers",
                Marker = new(colour, 8, symbol),
                HoverTemplate = "%{hovertext}: %{y:.2f} % after %{x:.0f} s<extra></extra>",
            };
        }
    }

    internal static double End(TrialSummary trial) => trial.Started + trial.Seconds;

    internal static string Name(TrialSummary trial) => string.Create(CultureInfo.InvariantCulture, $"trial {trial.Number}");
}
