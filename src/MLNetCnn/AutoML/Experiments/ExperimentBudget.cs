namespace MLNetCnn.AutoML;

/// <summary>The time of an experiment: how much is left for trials when the final model's share is kept back.</summary>
internal sealed class ExperimentBudget
{
    // The share of the reserve that evaluating the best takes, before and beside its last training.
    private const double Evaluation = 0.5;

    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly double? _seconds;
    private readonly double _reserve;
    private readonly double _spentBefore;
    private readonly FinalTraining _final;

    /// <param name="settings">What the experiment may cost.</param>
    /// <param name="spentBefore">Seconds spent before this process took it up.</param>
    /// <param name="time">The clock.</param>
    /// <param name="final">What the final model takes; nothing by default: it is the best trial's own.</param>
    public ExperimentBudget(ExperimentSettings settings, double spentBefore, TimeProvider time, FinalTraining final = default)
    {
        (_time, _started, _spentBefore) = (time, time.GetTimestamp(), spentBefore);
        (_seconds, _reserve, _final) = (settings.Seconds, settings.Reserve, final);
    }

    /// <summary>Seconds in which trials that have ended were run, as a clock on the wall shows them: several ran at a time, on whatever machines.</summary>
    public static double SecondsOf(IEnumerable<TrialRecord> trials)
    {
        var (seconds, until) = (0.0, DateTimeOffset.MinValue);
        foreach (var (started, ended) in trials.Where(trial => trial.Ended is not null).Select(trial => (trial.Started ?? trial.Created, trial.Ended!.Value)).Order())
        {
            var from = started > until ? started : until;
            seconds += Math.Max(0, (ended - from).TotalSeconds);
            until = ended > until ? ended : until;
        }

        return seconds;
    }

    /// <summary>Seconds spent so far.</summary>
    public double Spent => _spentBefore + _time.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Seconds left for everything; infinite without a limit.</summary>
    public double Left => (_seconds ?? double.PositiveInfinity) - Spent;

    /// <summary>The share of the time for trials that is gone, 0 without a limit.</summary>
    public double ShareSpent => _seconds is { } all ? Math.Min(1, Spent / (all * (1 - _reserve))) : 0;

    /// <summary>Seconds left for trials, when the final model and its evaluation are still to come.</summary>
    public double LeftForTrials(double bestTrialSeconds)
    {
        if (_seconds is not { } all)
        {
            return double.PositiveInfinity;
        }

        var reserve = all * _reserve;
        var evaluation = reserve * Evaluation;
        var final = Left - evaluation < _final.Least * bestTrialSeconds ? 0 : (_final.Kept * bestTrialSeconds) + evaluation;
        return Left - Math.Max(reserve, final);
    }
}

/// <summary>The training of the final model, in durations of the best trial.</summary>
/// <param name="Kept">What is kept back for it.</param>
/// <param name="Least">With less than that, it is done without, and nothing is kept back; 0 for one that must be.</param>
internal readonly record struct FinalTraining(double Kept, double Least = 0);
