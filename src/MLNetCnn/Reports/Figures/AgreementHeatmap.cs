using MLNetCnn.Reports.Markup;

namespace MLNetCnn.Reports.Figures;

/// <summary>How alike the runs' mistakes are, two by two.</summary>
internal static class AgreementHeatmap
{
    private const int MostRunsWithNumbers = 14;

    public static Chart Of(ReportModel model, Agreement agreement)
    {
        var names = agreement.Runs.Select(run => model.Runs[run].Name).ToArray();
        var axis = new Axis
        {
            TickValues = [.. Enumerable.Range(0, names.Length).Select(i => (double)i)],
            TickText = [.. names.Select(PlotText.Short)],
            ShowGrid = false,
        };
        var trace = new HeatmapTrace
        {
            Z = agreement.Correlation,
            CustomData = agreement.Discordant,
            Text = names.Length <= MostRunsWithNumbers ? [.. agreement.Correlation.Select(row => (IReadOnlyList<PlotText>)[.. row.Select(value => new PlotText(Text(value)))])] : null,
            TextTemplate = "%{text}",
            ColorScale = Ink.Heat,
            HoverTemplate = "%{y} and %{x}: correlation %{z:.2f}; %{customdata} images are named right by one of them only<extra></extra>",
        };
        var layout = new Layout
        {
            Height = Math.Clamp(130 + (names.Length * 34), 260, 900),
            XAxis = axis with { TickAngle = -35 },
            YAxis = axis with { AutoRange = "reversed" },
            ShowLegend = false,
        };
        return new(
            $"Correlation of being right, on {Show.Plural(agreement.Images, "test image")}",
            new([trace], layout),
            new(["Run", .. names], [.. agreement.Correlation.Select((row, i) => (IReadOnlyList<string>)[names[i], .. row.Select(Text)])]));
    }

    private static string Text(double? correlation) => correlation is { } value ? Show.Fixed(value, 2) : Show.Nothing;
}
