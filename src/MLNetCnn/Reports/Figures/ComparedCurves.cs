using MLNetCnn.Data;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;
using MLNetCnn.Training;

namespace MLNetCnn.Reports.Figures;

/// <summary>One line per run, the winner's thick: what it reached on the validation images, or its training batches where it has none.</summary>
internal static class ComparedCurves
{
    public static Chart Accuracy(IReadOnlyList<RunRecord> runs, int? winner) => Of(
        runs, winner, "Accuracy of every run, in per cent", "accuracy, %", 2,
        e => e.ValidationAccuracy * 100, e => e.TrainAccuracy * 100);

    public static Chart Loss(IReadOnlyList<RunRecord> runs, int? winner) => Of(
        runs, winner, "Loss of every run", "loss", 4, e => e.ValidationLoss, e => e.TrainLoss);

    private static Chart Of(
        IReadOnlyList<RunRecord> runs,
        int? winner,
        string caption,
        string axis,
        int decimals,
        Func<EpochRecord, double?> validation,
        Func<EpochRecord, double?> train)
    {
        var lines = runs.Index()
            .Where(run => run.Item.History.Epochs.Count > 0)
            .Select(run => (run.Index, Run: run.Item, Part: PartOf(run.Item, validation)))
            .ToArray();
        var last = lines.Max(line => line.Run.History.Epochs[^1].Epoch);
        var traces = lines.Select(line => new ScatterTrace
        {
            Name = PlotText.Short(line.Run.Name),
            X = TrainingCurve.Epochs(line.Run),
            Y = [.. line.Run.History.Epochs.Select(line.Part == DatasetSplit.Validation ? validation : train)],
            Mode = TrainingCurve.Mode(line.Run),
            Line = Ink.Series(line.Index) with { Width = line.Index == winner ? 4 : 1.75 },
            Marker = new(Ink.Series(line.Index).Color, line.Index == winner ? 8 : 5),
            HoverTemplate = $"epoch %{{x}}: %{{y:.{decimals}f}}",
        });
        var layout = new Layout
        {
            Height = 460,
            XAxis = TrainingCurve.EpochAxis(last),
            YAxis = new() { Title = new(axis) },
        };
        return new(
            caption,
            new([.. traces], layout),
            new(
                ["Run", "On", "First epoch", "Best epoch", "Last epoch"],
                [.. lines.Select(line => Row(line.Run, line.Part, line.Part == DatasetSplit.Validation ? validation : train, decimals))],
                TextColumns: 2));
    }

    private static DatasetSplit PartOf(RunRecord run, Func<EpochRecord, double?> validation) =>
        run.History.Epochs.Any(e => validation(e) is not null) ? DatasetSplit.Validation : DatasetSplit.Train;

    private static IReadOnlyList<string> Row(
        RunRecord run, DatasetSplit part, Func<EpochRecord, double?> value, int decimals)
    {
        var epochs = run.History.Epochs;
        var best = epochs.FirstOrDefault(e => e.Epoch == run.History.BestEpoch);
        return
        [
            run.Name,
            part.Text(),
            Show.Fixed(value(epochs[0]), decimals),
            best is null ? Show.Nothing : Show.Fixed(value(best), decimals),
            Show.Fixed(value(epochs[^1]), decimals),
        ];
    }
}
