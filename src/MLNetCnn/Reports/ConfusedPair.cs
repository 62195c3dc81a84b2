namespace MLNetCnn.Reports;

/// <summary>Images of one class that were named another.</summary>
/// <param name="Truth">The true class's label.</param>
/// <param name="Named">The label that they were given.</param>
/// <param name="Count">How many there are, at least 1.</param>
/// <param name="Images">How many the true class has.</param>
internal readonly record struct ConfusedPair(int Truth, int Named, int Count, int Images)
{
    /// <summary>The pairs of a confusion matrix, the most frequent first.</summary>
    /// <param name="matrix">Counts: rows are true classes, columns predicted ones.</param>
    /// <param name="most">The most pairs.</param>
    public static IEnumerable<ConfusedPair> Of(IReadOnlyList<IReadOnlyList<int>> matrix, int most) => matrix
        .Select((row, truth) => (Row: row, Truth: truth, Images: row.Sum()))
        .SelectMany(line => line.Row.Select((count, named) => new ConfusedPair(line.Truth, named, count, line.Images)))
        .Where(pair => pair.Truth != pair.Named && pair.Count > 0)
        .OrderByDescending(pair => pair.Count)
        .Take(most);
}
