using System.Globalization;
using System.Text;

namespace MLNetCnn.Evaluation;

/// <summary>How often each class was taken for each.</summary>
public sealed class ConfusionMatrix
{
    private readonly IReadOnlyList<string> _names;

    internal ConfusionMatrix(long[,] counts, IReadOnlyList<string>? classNames)
    {
        NumberOfClasses = counts.GetLength(0);
        var classes = Enumerable.Range(0, NumberOfClasses).ToArray();
        Counts = [.. classes.Select(truth => classes.Select(predicted => (double)counts[truth, predicted]).ToArray())];
        PerClassRecall = [.. classes.Select(index => Share(Counts[index][index], Counts[index].Sum()))];
        PerClassPrecision = [.. classes.Select(index => Share(Counts[index][index], Counts.Sum(row => row[index])))];
        _names = classNames ?? [.. classes.Select(index => index.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>Of the rows predicted as each class, the share that is of it; 0 where none was predicted.</summary>
    public IReadOnlyList<double> PerClassPrecision { get; }

    /// <summary>Of the rows of each class, the share predicted as it; 0 where there is none.</summary>
    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>The counts: rows are true classes, columns predicted ones.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    /// <summary>The number of classes.</summary>
    public int NumberOfClasses { get; }

    /// <summary>The rows of class <paramref name="actualClassIndicatorIndex"/> that were predicted as <paramref name="predictedClassIndicatorIndex"/>.</summary>
    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex) =>
        Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];

    /// <summary>The matrix as text, with recall at the right and precision below; long tables name the classes by number and list the names first.</summary>
    public string GetFormattedConfusionTable()
    {
        var text = new StringBuilder("Confusion table\n");
        var byNumber = _names.Any(name => name.Length > 8);
        var names = byNumber ? [.. Enumerable.Range(0, NumberOfClasses).Select(index => index.ToString(CultureInfo.InvariantCulture))] : _names;
        for (var index = 0; byNumber && index < NumberOfClasses; index++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{index}: {_names[index]}\n");
        }

        var cells = Counts.Select(row => row.Select(count => count.ToString("0", CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var width = Math.Max(6, names.Concat(cells.SelectMany(row => row)).Max(cell => cell.Length));
        var rule = new string('=', ((width + 3) * NumberOfClasses) + 7);
        text.Append(CultureInfo.InvariantCulture, $"          ||{rule}\n");
        text.Append(CultureInfo.InvariantCulture, $"PREDICTED || {Row(names, width)} | Recall\n");
        text.Append(CultureInfo.InvariantCulture, $"TRUTH     ||{rule}\n");
        for (var index = 0; index < NumberOfClasses; index++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{names[index],9} || {Row(cells[index], width)} | {PerClassRecall[index]:0.0000}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"          ||{rule}\n");
        text.Append(CultureInfo.InvariantCulture, $"Precision || {Row(PerClassPrecision.Select(value => value.ToString("0.0000", CultureInfo.InvariantCulture)), width)} |\n");
        return text.ToString();
    }

    private static string Row(IEnumerable<string> cells, int width) => string.Join(" | ", cells.Select(cell => cell.PadLeft(width)));

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
