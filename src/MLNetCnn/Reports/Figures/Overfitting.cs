using MLNetCnn.Data;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Figures;

/// <summary>How much better each run is on the images that it learned from than on others, and whether larger networks are so more.</summary>
internal static class Overfitting
{
    /// <summary>A dumbbell for each run from its training accuracy to the other one; null for fewer than two runs.</summary>
    public static Chart? TrainAndTest(IReadOnlyList<RunRecord> runs, DatasetSplit part)
    {
        if (Gaps(runs, part) is not { Length: > 1 } gaps)
        {
            return null;
        }

        var places = Enumerable.Range(0, gaps.Length).Select(i => (double?)i).ToArray();
        Trace[] traces =
        [
            new ScatterTrace
            {
                X = [.. gaps.SelectMany(gap => new double?[] { gap.Train * 100, gap.Other * 100, null })],
                Y = [.. places.SelectMany(place => new[] { place, place, null })],
                Mode = "lines",
                Line = new(Ink.Faint, 3),
                HoverInfo = "skip",
                ShowLegend = false,
            },
            Points("training", [.. gaps.Select(gap => gap.Train)], places, new(Ink.Quiet, 10, "diamond")),
            Points(part.Text(), [.. gaps.Select(gap => gap.Other)], places, new(Ink.Ours, 10)),
        ];
        var layout = new Layout
        {
            Height = 130 + (gaps.Length * 34),
            XAxis = new() { Title = new("accuracy, %") },
            YAxis = new()
            {
                TickValues = [.. places.Select(place => place!.Value)],
                TickText = [.. gaps.Select(gap => PlotText.Short(gap.Name))],
                Range = [gaps.Length - 0.4, -0.6],
                ShowGrid = false,
            },
        };
        return new($"Training and {part.Text()} accuracy, in per cent", new(traces, layout), Table(gaps, part));
    }

    /// <summary>The gap between the two accuracies against the number of trained parameters; null for fewer than two sizes.</summary>
    public static Chart? GapAgainstParameters(IReadOnlyList<RunRecord> runs, DatasetSplit part)
    {
        var gaps = Gaps(runs, part).Where(gap => gap.Parameters > 0).OrderBy(gap => gap.Parameters).ToArray();
        if (gaps.DistinctBy(gap => gap.Parameters).Count() < 2)
        {
            return null;
        }

        var trace = new ScatterTrace
        {
            X = [.. gaps.Select(gap => (double?)gap.Parameters)],
            Y = [.. gaps.Select(gap => (double?)gap.Points)],
            HoverText = [.. gaps.Select(gap => PlotText.Short(gap.Name))],
            Mode = "markers",
            Marker = new(Ink.Ours, 11),
            HoverTemplate = "%{hovertext}: %{x:,} trained parameters, %{y:.2f} points<extra></extra>",
            ShowLegend = false,
        };
        var layout = new Layout
        {
            Height = 380,
            XAxis = new() { Title = new("trained parameters"), Type = "log" },
            YAxis = new() { Title = new($"training less {part.Text()} accuracy, points") },
        };
        return new("Gap against trained parameters", new([trace], layout), Table(gaps, part));
    }

    private static Gap[] Gaps(IReadOnlyList<RunRecord> runs, DatasetSplit part) => part == DatasetSplit.Train ? [] :
    [
        .. runs.Where(run => run.IsFinished())
            .Select(run => (Run: run, Train: run.Accuracy(DatasetSplit.Train)?.Mean, Other: run.Accuracy(part)?.Mean))
            .Where(row => row is { Train: not null, Other: not null })
            .Select(row => new Gap(row.Run.Name, row.Run.TrainableParameterCount, row.Train!.Value, row.Other!.Value)),
    ];

    private static ScatterTrace Points(string name, IReadOnlyList<double> shares, IReadOnlyList<double?> places, Marker marker) => new()
    {
        Name = name,
        X = [.. shares.Select(share => (double?)share * 100)],
        Y = places,
        Mode = "markers",
        Marker = marker,
        HoverTemplate = "%{y}: %{x:.2f} %",
    };

    private static DataTable Table(Gap[] gaps, DatasetSplit part) => new(
        ["Run", "Trained parameters", "Training, %", $"{part.Text()}, %", "Gap, points"],
        [.. gaps.Select(gap => (IReadOnlyList<string>)
            [gap.Name, Show.Count(gap.Parameters), Show.Percent(gap.Train), Show.Percent(gap.Other), Show.Fixed(gap.Points, 2)])]);

    private sealed record Gap(string Name, long Parameters, double Train, double Other)
    {
        /// <summary>In percentage points.</summary>
        public double Points => (Train - Other) * 100;
    }
}
