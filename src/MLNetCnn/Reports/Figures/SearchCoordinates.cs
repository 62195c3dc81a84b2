using System.Globalization;

using MLNetCnn.AutoML;
using MLNetCnn.Reports.Markup;

namespace MLNetCnn.Reports.Figures;

/// <summary>Every judged trial as a line through the values of its parameters, the better the stronger; at the bottom where one is not active.</summary>
internal static class SearchCoordinates
{
    private const int Bands = 4;
    private const int Most = 9;
    private const string NotActive = "not active";

    public static Chart? Of(SweepRecord sweep, IReadOnlyList<ParameterImportance> importances)
    {
        var trials = sweep.Trials.Where(trial => trial.Accuracy is not null).OrderBy(trial => trial.Accuracy).ToArray();
        var names = importances.Take(Most).Select(importance => importance.Name).ToArray();
        if (trials.Length < Bands || names.Length < 2)
        {
            return null;
        }

        var axes = names.Select(name => Axis.Of(name, trials)).ToArray();
        var bands = trials.Chunk((trials.Length + Bands - 1) / Bands).ToArray();
        var traces = bands.Select((band, index) => Lines(band, axes, index == bands.Length - 1, string.Create(
            CultureInfo.InvariantCulture, $"{band.Min(trial => trial.Accuracy) * 100:0.0} to {band.Max(trial => trial.Accuracy) * 100:0.0} %"), $"var(--heat-{index})")).ToArray();
        return new(
            "Trials by their parameters, from low values below to high ones above; a quarter of the trials in each colour",
            new(traces, new Layout
            {
                Height = 420,
                XAxis = new() { TickValues = [.. names.Select((_, place) => (double)place)], TickText = [.. names.Select(PlotText.End)], Range = [-0.3, names.Length - 0.7] },
                YAxis = new() { TickValues = [0, 1], TickText = ["low", "high"], Range = [-0.08, 1.08], ShowGrid = false },
            }),
            new(
                ["Trial", .. names, "Validation, %"],
                [.. trials.Reverse().Select(trial => (IReadOnlyList<string>)
                    [SearchProgress.Name(trial), .. names.Select(name => trial.Parameter.GetValueOrDefault(name, "")), Show.Percent(trial.Accuracy)])],
                TextColumns: names.Length + 1));
    }

    private static ScatterTrace Lines(TrialSummary[] trials, Axis[] axes, bool best, string name, string colour) => new()
    {
        Name = name,
        X = [.. trials.SelectMany(_ => axes.Select((_, place) => (double?)place).Append(null))],
        Y = [.. trials.SelectMany(trial => axes.Select(axis => axis.Place(trial)).Append(null))],
        HoverText = [.. trials.SelectMany(trial => axes.Select(axis => PlotText.Short($"{SearchProgress.Name(trial)}: {trial.Parameter.GetValueOrDefault(axis.Name, NotActive)}")).Append(""))],
        Mode = "lines",
        Line = new(colour, best ? 2 : 1.2),
        HoverTemplate = "%{hovertext}<extra></extra>",
    };

    private sealed record Axis(string Name, string?[] Order)
    {
        public static Axis Of(string name, IEnumerable<TrialSummary> trials)
        {
            var values = trials.Select(trial => trial.Parameter.GetValueOrDefault(name)).Distinct().ToArray();
            var numbers = values.All(value => value is null || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
            return new(name, numbers
                ? [.. values.OrderBy(value => value is null ? double.NegativeInfinity : double.Parse(value, CultureInfo.InvariantCulture))]
                : [.. values.Order(StringComparer.Ordinal)]);
        }

        // By rank, so that values of every scale spread over the axis.
        public double? Place(TrialSummary trial) =>
            Order.Length > 1 ? (double)Array.IndexOf(Order, trial.Parameter.GetValueOrDefault(Name)) / (Order.Length - 1) : null;
    }
}
