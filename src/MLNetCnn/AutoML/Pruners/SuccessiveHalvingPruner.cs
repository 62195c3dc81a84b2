namespace MLNetCnn.AutoML;

/// <summary>
/// ASHA: at steps that grow by a factor, only the best trials of those that got there go on, one in as many as the factor. No trial
/// waits for another. L. Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020.
/// </summary>
public sealed class SuccessiveHalvingPruner : IPruner
{
    private readonly int _minimumSteps;
    private readonly int _reductionFactor;

    /// <summary>Makes the pruner.</summary>
    /// <param name="minimumSteps">
    /// The first step that is judged, at least 1. By default 2: on recorded trainings, judging after the first epoch is no sooner done
    /// and ends the best of all in one search of five; after the second, in one of fifty.
    /// </param>
    /// <param name="reductionFactor">At least 2; 3 by default, so that a third goes on after 2, 6, 18, 54 … steps.</param>
    public SuccessiveHalvingPruner(int minimumSteps = 2, int reductionFactor = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(reductionFactor, 2);
        (_minimumSteps, _reductionFactor) = (minimumSteps, reductionFactor);
    }

    /// <inheritdoc/>
    public bool Prune(TrialCurve trial, IReadOnlyCollection<TrialCurve> others)
    {
        var step = trial.Losses.Count;
        if (!IsRung(step))
        {
            return false;
        }

        var loss = trial.At(step);
        var rivals = others.Where(other => other.TrialId != trial.TrialId).Select(other => other.At(step)).Where(double.IsFinite).ToList();
        var better = rivals.Count(rival => rival < loss);
        return !double.IsFinite(loss) || better >= Math.Max(1, (rivals.Count + 1) / _reductionFactor);
    }

    private bool IsRung(int step)
    {
        long rung = _minimumSteps;
        while (rung < step)
        {
            rung *= _reductionFactor;
        }

        return rung == step;
    }
}
