namespace MLNetCnn.Training;

/// <summary>Takes what a classifier learned of some classes over into one of others, by their names.</summary>
internal static class ClassRows
{
    /// <summary>Where each class is among those that are known; -1 for one that is not, or whose name two have.</summary>
    /// <param name="labels">The classes that are wanted.</param>
    /// <param name="known">The classes that there are weights for. A space is as good as an underscore.</param>
    public static int[] Find(IReadOnlyList<string> labels, IReadOnlyList<string> known)
    {
        var places = known.Index().ToLookup(label => Plain(label.Item), label => label.Index);
        return [.. labels.Select(label => places[Plain(label)].ToArray() is [var only] ? only : -1)];
    }

    /// <summary>Copies rows: those of classes that are known.</summary>
    /// <param name="from">A row for each known class.</param>
    /// <param name="to">A row for each class that is wanted.</param>
    /// <param name="rows">What <see cref="Find"/> gave.</param>
    public static void Copy(Tensor from, Tensor to, IReadOnlyList<int> rows)
    {
        foreach (var (row, place) in rows.Index().Where(row => row.Item >= 0))
        {
            using var target = to.select(0, row);
            using var source = from.select(0, place);
            target.copy_(source);
        }
    }

    private static string Plain(string label) => label.Replace(' ', '_');
}
