namespace MLNetCnn.Runs;

/// <summary>Puts together runs that differ in nothing but their seed.</summary>
public static class SeedRuns
{
    private const string Seed = "seed";

    /// <summary>
    /// One record for each run, with all its seeds' accuracies, in the order of their first appearance. The rest of the record
    /// (network, curves, errors, model file) is that of one seed: of those that ended best, the median by test accuracy.
    /// </summary>
    public static IReadOnlyList<RunRecord> Combine(IEnumerable<RunRecord> runs) =>
        [.. runs.GroupBy(Identity).Select(same => Combine([.. same.DistinctBy(run => run.Seed)]))];

    private static RunRecord Combine(List<RunRecord> seeds)
    {
        if (seeds.Count == 1)
        {
            return seeds[0];
        }

        var ranked = seeds.GroupBy(run => run.Status).MinBy(same => same.Key)!
            .OrderBy(run => (run.Test ?? run.Validation ?? run.Train)?.MicroAccuracy)
            .ToList();
        var shown = ranked[(ranked.Count - 1) / 2];
        var lost = seeds.Where(run => run.Status != shown.Status).Select(run => $"Seed {run.Seed} does not count: {Ending(run)}.");
        return shown with
        {
            Seeds = [.. seeds.Select(Figures)],
            Reason = string.Join(" ", lost.Prepend(shown.Reason).OfType<string>()) is { Length: > 0 } reason ? reason : null,
        };
    }

    internal static SeedFigures Figures(RunRecord run) => new(
        run.Seed, run.Status, run.Train?.MicroAccuracy, run.Validation?.MicroAccuracy, run.Test?.MicroAccuracy);

    private static string Ending(RunRecord run) => run.Status == RunStatus.Cancelled ? "it was stopped" : run.Reason?.TrimEnd('.') ?? "it failed";

    private static string Identity(RunRecord run) => string.Join('\n', run.Settings
        .Where(setting => setting.Key != Seed)
        .OrderBy(setting => setting.Key, StringComparer.Ordinal)
        .Select(setting => $"{setting.Key}={setting.Value}")
        .Prepend(run.Dataset.Fingerprint)
        .Prepend(run.Name));
}
