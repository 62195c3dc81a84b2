using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Figures;

/// <summary>Training and validation accuracy of one run, epoch by epoch.</summary>
internal static class AccuracyCurves
{
    public static Chart Of(RunRecord run)
    {
        var figure = new Figure(
            TrainingCurve.Lines(run, e => e.TrainAccuracy * 100, e => e.ValidationAccuracy * 100, "epoch %{x}: %{y:.2f} %"),
            new Layout
            {
                Height = 300,
                XAxis = TrainingCurve.EpochAxis(run.History.Epochs[^1].Epoch),
                YAxis = new() { Title = new("accuracy, %") },
                Shapes = TrainingCurve.EventLines(run),
                Annotations = TrainingCurve.EventWords(run),
            });
        return new(
            $"Accuracy of {run.Name}, in per cent",
            figure,
            new(
                ["Epoch", "Training accuracy, %", "Validation accuracy, %", "Time"],
                [.. run.History.Epochs.Select(e => TrainingCurve.Row(
                    e, e.TrainAccuracy * 100, e.ValidationAccuracy * 100, 2, Show.Seconds(e.Seconds)))]));
    }
}
