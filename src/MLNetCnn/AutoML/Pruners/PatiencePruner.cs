namespace MLNetCnn.AutoML;

/// <summary>Stops a trial whose own learning curve no longer improves (L. Prechelt, "Early stopping – but when?", 1998).</summary>
public sealed class PatiencePruner : IPruner
{
    private readonly int _patience;
    private readonly double _minDelta;

    /// <summary>Makes the pruner.</summary>
    /// <param name="patience">How many steps without improvement are borne, at least 1; 5 by default.</param>
    /// <param name="minDelta">By how much the loss must fall to count as improved, at least 0, which is the default.</param>
    public PatiencePruner(int patience = 5, double minDelta = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(minDelta);
        (_patience, _minDelta) = (patience, minDelta);
    }

    /// <inheritdoc/>
    public bool Prune(TrialCurve trial, IReadOnlyCollection<TrialCurve> others)
    {
        var before = trial.Losses.Count - _patience;
        return before > 0 && !(TrialCurve.Lowest(trial.Losses.Skip(before)) < TrialCurve.Lowest(trial.Losses.Take(before)) - _minDelta);
    }
}
