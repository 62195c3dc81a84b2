namespace MLNetCnn.AutoML;

/// <summary>
/// Stops a trial whose best loss so far is worse than a percentile of the losses that finished trials had at the same step:
/// D. Golovin et al., "Google Vizier", KDD 2017, with the percentile in place of the median.
/// </summary>
public class PercentilePruner : IPruner
{
    private readonly double _percentile;
    private readonly int _startupTrials;
    private readonly int _warmupSteps;

    /// <summary>Makes the pruner.</summary>
    /// <param name="percentile">Which share of trials goes on, in percent, above 0 and below 100: 25 keeps the best quarter.</param>
    /// <param name="startupTrials">Nothing is stopped before so many trials have finished; at least 1, 5 by default.</param>
    /// <param name="warmupSteps">Nothing is stopped in the first steps; 0 by default.</param>
    public PercentilePruner(double percentile, int startupTrials = 5, int warmupSteps = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(percentile);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(percentile, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(startupTrials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(warmupSteps);
        (_percentile, _startupTrials, _warmupSteps) = (percentile, startupTrials, warmupSteps);
    }

    /// <inheritdoc/>
    public bool Prune(TrialCurve trial, IReadOnlyCollection<TrialCurve> others)
    {
        var step = trial.Losses.Count;
        var finished = others.Where(other => other.TrialId != trial.TrialId && other.State == TrialState.Finished).ToList();
        if (step <= _warmupSteps || finished.Count < _startupTrials)
        {
            return false;
        }

        double[] losses = [.. finished.Select(other => other.At(step)).Where(double.IsFinite).Order()];
        var best = TrialCurve.Lowest(trial.Losses);
        return losses.Length > 0 && best > Percentile(losses);
    }

    // Between two values, in proportion.
    private double Percentile(double[] sorted)
    {
        var place = _percentile / 100 * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
