namespace MLNetCnn.Runs;

/// <summary>Finds small pictures for the cells of a confusion matrix: the surest mistakes of each, the fullest cells first.</summary>
internal static class ConfusedImages
{
    private const int PerCell = 8;
    private const int Longest = 96;

    /// <summary>At most <paramref name="count"/> wrongly named images.</summary>
    public static IReadOnlyList<ExampleImage> Find(NamedImages images, int count) =>
    [
        .. images.Wrong
            .GroupBy(image => (images.Answers.Truth[image], images.Answers.Named[image]))
            .OrderByDescending(cell => cell.Count())
            .SelectMany(cell => cell.OrderByDescending(images.Probability).Take(PerCell))
            .Take(count)
            .Select(image => images.Example(image, Longest)),
    ];
}
