using System.Globalization;

using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;
using MLNetCnn.Training;

namespace MLNetCnn.Reports.Figures;

/// <summary>The loss over the learning rates that were tried, with the one that was taken.</summary>
internal static class LearningRateCurve
{
    public static Chart Of(RunRecord run, LearningRateSweep sweep) => new(
        $"Search for the learning rate of {run.Name}: {(sweep.Suggestion is { } taken ? $"{Show.Number(taken)} was taken" : "no rate made the loss fall")}",
        new(
            [
                new ScatterTrace
                {
                    Name = "training loss, smoothed",
                    X = [.. sweep.Rates.Select(rate => (double?)rate)],
                    Y = [.. sweep.Losses.Select(loss => (double?)loss)],
                    Mode = "lines",
                    Line = new(Ink.Train),
                    HoverTemplate = "%{x:.2g}: %{y:.3f}",
                },
            ],
            new Layout
            {
                Height = 300,
                XAxis = new() { Title = new("learning rate"), Type = "log", TickFormat = "~g" },
                YAxis = new() { Title = new("loss") },
                ShowLegend = false,
                Shapes = sweep.Suggestion is { } rate ? [new Shape(rate, rate, 0, 1, new(Ink.Faint, 1, "dot"))] : [],
            }),
        new(
            ["Learning rate", "Loss"],
            [.. sweep.Rates.Zip(sweep.Losses, (rate, loss) => (IReadOnlyList<string>)[rate.ToString("0.##e+0", CultureInfo.InvariantCulture), Show.Fixed(loss, 4)])]));
}
