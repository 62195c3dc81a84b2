namespace MLNetCnn.AutoML;

/// <summary>Chooses what to try next.</summary>
/// <remarks>
/// What the tuners here propose follows from their space, their seed, the trial's number and the set of results so far, in
/// whatever order these came: a tuner that is rebuilt from stored results goes on as the one that was lost. A trial whose
/// proposal has no result yet is one that others have.
/// </remarks>
public interface ITuner
{
    /// <summary>Proposes a parameter.</summary>
    /// <param name="settings">The trial: its number, which no earlier proposal had.</param>
    /// <returns>The parameter; null where every parameter of the space has been proposed.</returns>
    Parameter? Propose(TrialSettings settings);

    /// <summary>
    /// Tells of a trial, whoever proposed it: its result, or by <see cref="TrialState.Waiting"/> and <see cref="TrialState.Running"/>
    /// that others have it. A later word replaces an earlier one.
    /// </summary>
    void Update(TrialResult result);
}
