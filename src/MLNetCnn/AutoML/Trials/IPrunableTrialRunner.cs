namespace MLNetCnn.AutoML;

/// <summary>Runs trials that tell after every step how they stand, so that those without hope can be ended.</summary>
public interface IPrunableTrialRunner : ITrialRunner
{
    /// <summary>Runs a trial to its end, or to where <paramref name="report"/> ends it.</summary>
    /// <param name="settings">What to run with.</param>
    /// <param name="report">Called after each step; gives the reason to end the trial there, or null to go on.</param>
    /// <param name="ct">Ends the trial early.</param>
    /// <returns>How it went.</returns>
    /// <exception cref="OperationCanceledException">It was ended early by <paramref name="ct"/>.</exception>
    Task<TrialResult> RunAsync(TrialSettings settings, Func<TrialReport, string?> report, CancellationToken ct);
}
