namespace MLNetCnn.AutoML;

/// <summary>
/// Stops a trial whose best loss so far is worse than the median of what finished trials had at the same step: D. Golovin et al.,
/// "Google Vizier", KDD 2017.
/// </summary>
public sealed class MedianPruner : PercentilePruner
{
    /// <summary>Makes the pruner.</summary>
    /// <param name="startupTrials">Nothing is stopped before so many trials have finished; at least 1, 5 by default.</param>
    /// <param name="warmupSteps">Nothing is stopped in the first steps; 0 by default.</param>
    public MedianPruner(int startupTrials = 5, int warmupSteps = 0)
        : base(50, startupTrials, warmupSteps)
    {
    }
}
