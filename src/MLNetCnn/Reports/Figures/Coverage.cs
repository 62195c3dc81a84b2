using MLNetCnn.Evaluation;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Figures;

/// <summary>Accuracy on the answered images against the share that is answered, as the least confidence rises.</summary>
internal static class Coverage
{
    private const int EveryInTable = 10;

    public static Chart Of(RunRecord run, IReadOnlyList<CoveragePoint> points)
    {
        var all = points[0].Answered;
        var drawn = points.Where(point => point.Answered > 0).ToArray();
        var trace = new ScatterTrace
        {
            Name = "test images",
            X = [.. drawn.Select(point => (double?)(100.0 * point.Answered / all))],
            Y = [.. drawn.Select(point => 100 * point.Accuracy)],
            HoverText = [.. drawn.Select(point => new PlotText(Show.Percent(point.Confidence)))],
            Mode = "lines",
            Line = new(Ink.Ours),
            HoverTemplate = "%{y:.2f} % right of the %{x:.1f} % that are answered with at least %{hovertext} % confidence<extra></extra>",
        };
        var layout = new Layout
        {
            Height = 380,
            XAxis = new() { Title = new("answered, %"), Range = [0, 102] },
            YAxis = new() { Title = new("right of those, %") },
            ShowLegend = false,
        };
        return new($"Accuracy and coverage of {run.Name}", new([trace], layout), new(
            ["Least confidence, %", "Answered, %", "Right of those, %"],
            [.. points.Where((_, step) => step % EveryInTable == 0).Select(point => (IReadOnlyList<string>)
                [Show.Fixed(100 * point.Confidence, 0), Show.Percent((double)point.Answered / all), Show.Percent(point.Accuracy)])]));
    }
}
