using MLNetCnn.Runs;

namespace MLNetCnn.Reports;

/// <summary>How far runs make the same mistakes on the same test images.</summary>
/// <param name="Runs">The runs that were compared, as places in <see cref="ReportModel.Runs"/>.</param>
/// <param name="Images">The test images.</param>
/// <param name="Correlation">For each two runs, the correlation (φ) of being right; null where one of them is always right or never.</param>
/// <param name="Discordant">For each two runs, the images that only one of them names right.</param>
/// <param name="Best">The highest accuracy of a single run.</param>
/// <param name="Oracle">The share of images that at least one run names right: what a perfect choice among them would reach.</param>
/// <param name="MissedByAll">The images that no run names right.</param>
/// <param name="Missed">Pictures of these, as far as runs kept any, with what the first that did named them.</param>
public sealed record Agreement(
    IReadOnlyList<int> Runs,
    int Images,
    IReadOnlyList<IReadOnlyList<double?>> Correlation,
    IReadOnlyList<IReadOnlyList<int>> Discordant,
    double Best,
    double Oracle,
    int MissedByAll,
    IReadOnlyList<ExampleImage> Missed)
{
    private const int MostShown = 24;

    /// <summary>Compares the runs that were tested on the same images; null where there are no two.</summary>
    internal static Agreement? Of(IReadOnlyList<RunRecord> runs)
    {
        var tested = runs.Index().Where(run => run.Item.IsFinished() && run.Item.Answers is not null).ToList();
        var compared = tested
            .Select(one => tested.Where(other => other.Item.Answers!.AreOfTheSameImages(one.Item.Answers!)).ToArray())
            .MaxBy(alike => alike.Length);
        if (compared is not { Length: > 1 })
        {
            return null;
        }

        var right = compared.Select(run => run.Item.Answers!.Right()).ToArray();
        var images = right[0].Length;
        int[] missed = [.. Enumerable.Range(0, images).Where(image => right.All(one => !one[image]))];
        var pictures = compared.SelectMany(run => run.Item.Confused).Where(picture => picture.Index is not null).ToLookup(picture => picture.Index!.Value);
        return new Agreement(
            [.. compared.Select(run => run.Index)],
            images,
            [.. right.Select(one => (IReadOnlyList<double?>)[.. right.Select(other => Phi(one, other))])],
            [.. right.Select(one => (IReadOnlyList<int>)[.. right.Select(other => one.Zip(other).Count(pair => pair.First != pair.Second))])],
            right.Max(one => one.Count(hit => hit)) / (double)images,
            1 - (missed.Length / (double)images),
            missed.Length,
            [.. missed.SelectMany(image => pictures[image].Take(1)).Take(MostShown).Select(picture => picture with { Probability = null })]);
    }

    // The product-moment correlation of two yes-or-no variables.
    private static double? Phi(bool[] one, bool[] other)
    {
        double both = 0, first = 0, second = 0, all = one.Length;
        for (var i = 0; i < one.Length; i++)
        {
            first += one[i] ? 1 : 0;
            second += other[i] ? 1 : 0;
            both += one[i] && other[i] ? 1 : 0;
        }

        var spread = Math.Sqrt(first * (all - first) * second * (all - second));
        return spread == 0 ? null : ((both * all) - (first * second)) / spread;
    }
}
