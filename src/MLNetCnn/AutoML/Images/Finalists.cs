namespace MLNetCnn.AutoML;

/// <summary>Which trials are evaluated at the end of a sweep.</summary>
internal static class Finalists
{
    private const int Best = 2;

    private static readonly string[] KindSettings = [SearchStage.Choice, "arch", "imageSize"];

    /// <summary>
    /// The best trials, the best first: the two best of all, then of each network, way of training it and image size the best, as long as
    /// there are places, then the next best. Two of a kind make much the same mistakes: side by side they tell less, and voting they gain
    /// less, but for the best two.
    /// </summary>
    /// <param name="trials">All trials.</param>
    /// <param name="count">The most that are wanted.</param>
    public static IReadOnlyList<TrialRecord> Of(IEnumerable<TrialRecord> trials, int count)
    {
        var ranked = Ranking.Of(trials).ToList();
        var chosen = ranked.Take(Best).Concat(ranked.DistinctBy(Kind)).Concat(ranked).Select(trial => trial.Number).Distinct().Take(count).ToHashSet();
        return [.. ranked.Where(trial => chosen.Contains(trial.Number))];
    }

    private static string Kind(TrialRecord trial) =>
        string.Join(' ', KindSettings.Select(name => trial.Parameter.TryGetValue(name, out var value) ? value.ToString() : ""));
}
