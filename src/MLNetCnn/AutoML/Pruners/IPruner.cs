namespace MLNetCnn.AutoML;

/// <summary>Decides whether a trial is worth going on with.</summary>
public interface IPruner
{
    /// <summary>Whether to stop a trial after the step that it just reported.</summary>
    /// <param name="trial">The trial's curve up to now; its last loss is that of the step in question.</param>
    /// <param name="others">The curves of the experiment's other trials, in any order; one of the same number is passed over.</param>
    bool Prune(TrialCurve trial, IReadOnlyCollection<TrialCurve> others);
}
