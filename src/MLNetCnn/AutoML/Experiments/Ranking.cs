namespace MLNetCnn.AutoML;

/// <summary>The order of trials: finished ones by their loss; of equal ones the earlier.</summary>
public static class Ranking
{
    /// <summary>The finished trials, the best first.</summary>
    public static IReadOnlyList<TrialRecord> Of(IEnumerable<TrialRecord> trials) =>
        [.. trials.Where(trial => trial.State == TrialState.Finished && double.IsFinite(trial.Result.Loss)).OrderBy(trial => trial.Result.Loss).ThenBy(trial => trial.Number)];

    /// <summary>Of the trials that the end of the time, or of the search, found on their way the best, by its loss so far; null where none had come anywhere.</summary>
    public static TrialRecord? BestUnfinished(IEnumerable<TrialRecord> trials) => trials
        .Where(trial => trial.State is TrialState.Pruned or TrialState.Waiting && trial.Result.Steps > 0 && double.IsFinite(trial.Result.Loss))
        .MinBy(trial => (trial.Result.Loss, trial.Number));

    /// <summary>The best finished trial; null where there is none.</summary>
    public static TrialRecord? Best(IEnumerable<TrialRecord> trials) => Of(trials) is [var best, ..] ? best : null;

    /// <summary>The best finished trial.</summary>
    /// <exception cref="InvalidOperationException">No trial finished; the message says why.</exception>
    public static TrialRecord BestOrThrow(IReadOnlyCollection<TrialRecord> trials) => Best(trials) ?? throw new InvalidOperationException(
        $"no trial finished: {trials.LastOrDefault(trial => trial.Result.Reason is not null)?.Result.Reason ?? "the budget is too small"}");
}
