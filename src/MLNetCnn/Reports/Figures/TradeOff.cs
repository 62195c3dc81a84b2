using MLNetCnn.Data;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Figures;

/// <summary>
/// Accuracy against a cost, with the Pareto front: the runs that no other run beats on both. Only those carry their names, where these fit.
/// </summary>
internal static class TradeOff
{
    public static Chart? AgainstParameters(IReadOnlyList<RunRecord> runs, DatasetSplit part) =>
        Of(runs, part, "parameters", "parameters", run => run.ParameterCount, cost => Show.Count((long)cost), ",");

    public static Chart? AgainstLatency(IReadOnlyList<RunRecord> runs, DatasetSplit part) =>
        Of(runs, part, "latency", "milliseconds per image", run => run.Latency?.P50Milliseconds ?? 0, cost => Show.Fixed(cost, 2), ".2f");

    /// <summary>The chart, or null where fewer than two different costs are known.</summary>
    public static Chart? AgainstSize(IReadOnlyList<RunRecord> runs, DatasetSplit part) =>
        Of(runs, part, "size", "megabytes of the model file", run => run.ModelBytes / 1e6, cost => Show.Fixed(cost, 2), ".3g");

    public static Chart? AgainstTime(IReadOnlyList<RunRecord> runs, DatasetSplit part) =>
        Of(runs, part, "training time", "seconds from start to model file", run => run.Seconds, cost => Show.Fixed(cost, 1), ".3g");

    private static Chart? Of(
        IReadOnlyList<RunRecord> runs,
        DatasetSplit part,
        string name,
        string unit,
        Func<RunRecord, double> cost,
        Func<double, string> show,
        string hover)
    {
        var points = runs
            .Where(run => run.IsFinished() && run.On(part) is not null && cost(run) > 0)
            .Select(run => new Point(run.Name, cost(run), run.Accuracy(part)!.Mean))
            .OrderBy(point => point.Cost).ThenByDescending(point => point.Accuracy)
            .ToArray();
        if (points.DistinctBy(point => point.Cost).Count() < 2)
        {
            return null;
        }

        var best = double.NegativeInfinity;
        var front = points.Where(point => point.Accuracy > best && (best = point.Accuracy) >= 0).ToArray();
        Trace[] traces =
        [
            Points("other runs", [.. points.Except(front)], "markers", new(Ink.Quiet, 9), hover),
            Points("Pareto front", front, "lines+markers+text", new(Ink.Ours, 12), hover) with
            {
                Text = Names(front, points),
                Line = new(Ink.Ours, 1.5, "dot", "hv"),
                TextPosition = "top center",
            },
        ];
        var layout = new Layout
        {
            Height = 380,
            XAxis = new() { Title = new(unit), Type = "log", Range = Around(points), TickStep = Decades(points) > 1.5 ? 1 : null },
            YAxis = new() { Title = new($"{part.Text()} accuracy, %") },
        };
        return new(
            $"Accuracy against {name}",
            new(traces, layout),
            new(
                ["Run", unit, $"{part.Text()} accuracy, %", "On the front"],
                [.. points.Select(point => (IReadOnlyList<string>)
                    [point.Name, show(point.Cost), Show.Percent(point.Accuracy), front.Contains(point) ? "yes" : "no"])]));
    }

    private static ScatterTrace Points(string name, Point[] points, string mode, Marker marker, string hover) => new()
    {
        Name = name,
        X = [.. points.Select(point => (double?)point.Cost)],
        Y = [.. points.Select(point => (double?)point.Accuracy * 100)],
        HoverText = [.. points.Select(point => PlotText.Short(point.Name))],
        Mode = mode,
        Marker = marker,
        HoverTemplate = $"%{{hovertext}}: %{{x:{hover}}}, %{{y:.2f}} %<extra></extra>",
    };

    // The best point has its name; going down, each next one where it does not run into a name already there.
    private static IReadOnlyList<PlotText> Names(Point[] front, Point[] points)
    {
        var width = Decades(points) * 0.3;
        var height = (points.Max(point => point.Accuracy) - points.Min(point => point.Accuracy)) * 0.1;
        List<Point> named = [];
        foreach (var point in front.Reverse())
        {
            if (named.All(other => Math.Log10(other.Cost / point.Cost) > width || other.Accuracy - point.Accuracy > height))
            {
                named.Add(point);
            }
        }

        return [.. front.Select(point => named.Contains(point) ? PlotText.Short(point.Name) : "")];
    }

    // Room on both sides for the names of the outermost points.
    private static double[] Around(Point[] points)
    {
        var margin = Math.Max(0.1, Decades(points) * 0.15);
        return [Math.Log10(points[0].Cost) - margin, Math.Log10(points[^1].Cost) + margin];
    }

    private static double Decades(Point[] points) => Math.Log10(points[^1].Cost / points[0].Cost);

    private sealed record Point(string Name, double Cost, double Accuracy);
}
