using System.Globalization;
using MLNetCnn.Evaluation;

namespace MLNetCnn.Reports.Figures;

/// <summary>The confusion matrix, coloured by the share of each true class; the numbers are counts.</summary>
internal static class ConfusionMatrixHeatmap
{
    private const int MostClassesWithNumbers = 30;

    // Of more, cells are smaller than a reader can point at, and a page of all of them takes megabytes.
    private const int MostClasses = 150;

    // A table of a cell for each pair is no easier to read than a list of those that were confused.
    private const int MostClassesInTable = 60;
    private const int MostPairs = 500;

    // Of fewer classes, a reader knows the order that they have.
    private const int LeastClustered = 12;

    public static Chart Of(string caption, IReadOnlyList<string> labels, ClassificationSummary figures)
    {
        var shown = Shown(figures.ConfusionMatrix);
        int[] order = labels.Count < LeastClustered ? shown : [.. ClassClusters.Order(Of(shown)).Select(place => shown[place])];
        string[] classes = [.. order.Select(label => labels[label])];
        var counts = Of(order);
        var images = order.Select(label => figures.ConfusionMatrix[label].Sum()).ToArray();
        caption += shown.Length < labels.Count ? string.Create(CultureInfo.InvariantCulture, $", the {shown.Length} of {labels.Count} classes with the most mistakes") : "";
        caption += labels.Count < LeastClustered ? "" : "; classes that are confused stand together";
        var axis = new Axis
        {
            TickValues = [.. Enumerable.Range(0, classes.Length).Select(i => (double)i)],
            TickText = [.. classes.Select(PlotText.Short)],
            ShowGrid = false,
        };
        var trace = new HeatmapTrace
        {
            Z = [.. counts.Zip(images, Shares)],
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
        return new(caption, new([trace], layout), labels.Count > MostClassesInTable ? Pairs(labels, figures.ConfusionMatrix) : new(
            ["True class", .. classes],
            [.. counts.Select((row, i) => (IReadOnlyList<string>)
                [classes[i], .. row.Select(count => count.ToString(CultureInfo.InvariantCulture))])]));

        IReadOnlyList<int>[] Of(int[] chosen) => [.. chosen.Select(row => (IReadOnlyList<int>)[.. chosen.Select(column => figures.ConfusionMatrix[row][column])])];
    }

    private static int[] Shown(IReadOnlyList<IReadOnlyList<int>> matrix)
    {
        var mistakes = matrix.Select((row, label) => row.Sum() + matrix.Sum(other => other[label]) - (2 * row[label])).ToArray();
        return [.. Enumerable.Range(0, matrix.Count).OrderByDescending(label => mistakes[label]).Take(MostClasses).Order()];
    }

    private static DataTable Pairs(IReadOnlyList<string> labels, IReadOnlyList<IReadOnlyList<int>> matrix) => new(
        ["True class", "Named", "Images"],
        [.. ConfusedPair.Of(matrix, MostPairs).Select(pair => (IReadOnlyList<string>)[labels[pair.Truth], labels[pair.Named], pair.Count.ToString(CultureInfo.InvariantCulture)])],
        TextColumns: 2);

    private static IReadOnlyList<PlotText> Words(IReadOnlyList<int> row) =>
        [.. row.Select(count => (PlotText)(count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture)))];

    private static IReadOnlyList<double?> Shares(IReadOnlyList<int> row, int images) =>
        [.. row.Select(count => images == 0 ? null : Math.Round((double)count / images, 4) as double?)];
}
