using System.Globalization;
using MLNetCnn.Evaluation;

namespace MLNetCnn.Reports.Figures;

/// <summary>The confusion matrix, coloured by the share of each true class; the numbers are counts.</summary>
internal static class ConfusionMatrixHeatmap
{
    private const int MostClassesWithNumbers = 30;

    // Of fewer classes, a reader knows the order that they have.
    private const int LeastClustered = 12;

    public static Chart Of(string caption, IReadOnlyList<string> labels, ClassificationSummary figures)
    {
        var order = labels.Count < LeastClustered ? [.. Enumerable.Range(0, labels.Count)] : ClassClusters.Order(figures.ConfusionMatrix);
        string[] classes = [.. order.Select(label => labels[label])];
        var counts = order.Select(row => (IReadOnlyList<int>)[.. order.Select(column => figures.ConfusionMatrix[row][column])]).ToArray();
        caption += labels.Count < LeastClustered ? "" : "; classes that are confused stand together";
        var axis = new Axis
        {
            TickValues = [.. Enumerable.Range(0, classes.Length).Select(i => (double)i)],
            TickText = [.. classes.Select(PlotText.Short)],
            ShowGrid = false,
        };
        var trace = new HeatmapTrace
        {
            Z = [.. counts.Select(Shares)],
            CustomData = counts,
            Labels = classes,
            Text = classes.Length <= MostClassesWithNumbers ? [.. counts.Select(Words)] : null,
            TextTemplate = "%{text}",
            ColorScale = Ink.Heat,
            HoverTemplate = "%{y} named %{x}: %{customdata} images (%{z:.1%})<extra></extra>",
        };
        var layout = new Layout
        {
            Height = Math.Clamp(150 + (classes.Length * (classes.Length > MostClassesWithNumbers ? 14 : 32)), 320, 1600),
            XAxis = axis with { Title = new("predicted"), TickAngle = -45 },
            YAxis = axis with { Title = new("true class"), AutoRange = "reversed" },
            ShowLegend = false,
        };
        return new(
            caption,
            new([trace], layout),
            new(
                ["True class", .. classes],
                [.. counts.Select((row, i) => (IReadOnlyList<string>)
                    [classes[i], .. row.Select(count => count.ToString(CultureInfo.InvariantCulture))])]));
    }

    private static IReadOnlyList<PlotText> Words(IReadOnlyList<int> row) =>
        [.. row.Select(count => (PlotText)(count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture)))];

    private static IReadOnlyList<double?> Shares(IReadOnlyList<int> row)
    {
        var all = row.Sum();
        return [.. row.Select(count => all == 0 ? null : Math.Round((double)count / all, 4) as double?)];
    }
}
