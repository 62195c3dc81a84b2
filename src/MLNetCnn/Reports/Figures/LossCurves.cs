using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Figures;

/// <summary>Training and validation loss of one run, with the learning rate over them where it changed.</summary>
internal static class LossCurves
{
    public static Chart Of(RunRecord run)
    {
        var epochs = run.History.Epochs;
        var traces = TrainingCurve.Lines(run, e => e.TrainLoss, e => e.ValidationLoss, "epoch %{x}: %{y:.4f}");
        var changes = epochs.Select(e => e.LearningRate).Distinct().Count() > 1;
        if (changes)
        {
            traces.Add(new ScatterTrace
            {
                Name = "learning rate",
                X = TrainingCurve.Epochs(run),
                Y = [.. epochs.Select(e => (double?)e.LearningRate)],
                Mode = "lines",
                Line = new(Ink.Quiet, 1.5, "dot", "vh"),
                YAxis = "y2",
                HoverTemplate = "epoch %{x}: %{y:.3g}",
            });
        }

        var layout = new Layout
        {
            Height = 300,
            XAxis = TrainingCurve.EpochAxis(epochs[^1].Epoch),
            YAxis = new() { Title = new("loss"), RangeMode = "tozero" },
            YAxis2 = changes ? LearningRateAxis([.. epochs.Select(e => e.LearningRate).Where(rate => rate > 0)]) : null,
            Shapes = TrainingCurve.EventLines(run),
            Annotations = TrainingCurve.EventWords(run),
        };
        return new(
            changes ? $"Loss of {run.Name}, learning rate dotted" : $"Loss of {run.Name}, learning rate {Show.Number(epochs[0].LearningRate)} throughout",
            new(traces, layout),
            new(
                ["Epoch", "Training loss", "Validation loss", "Learning rate"],
                [.. epochs.Select(e => TrainingCurve.Row(e, e.TrainLoss, e.ValidationLoss, 4, Show.Number(e.LearningRate)))]));
    }

    private static Axis LearningRateAxis(double[] rates) => new()
    {
        Title = new("learning rate"),
        Type = "log",
        Overlaying = "y",
        Side = "right",
        ShowGrid = false,
        TickValues = Named(rates),
        TickFormat = ".3~g",
    };

    // A few rates are named themselves, where their names do not touch; of a schedule's many only the highest and the lowest.
    private static List<double> Named(double[] rates)
    {
        double[] sorted = [.. rates.Distinct().OrderDescending()];
        var (highest, lowest) = (sorted[0], sorted[^1]);
        if (sorted.Length > 4) return [highest, lowest];

        var apart = Math.Pow(highest / lowest, 0.1);
        List<double> named = [highest];
        foreach (var rate in sorted.Skip(1))
        {
            if (rate == lowest || (named[^1] >= rate * apart && rate >= lowest * apart)) named.Add(rate);
        }

        return named;
    }
}
