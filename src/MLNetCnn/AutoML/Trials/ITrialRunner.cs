namespace MLNetCnn.AutoML;

/// <summary>Runs one trial.</summary>
public interface ITrialRunner : IDisposable
{
    /// <summary>Runs a trial to its end.</summary>
    /// <param name="settings">What to run with.</param>
    /// <param name="ct">Ends the trial early.</param>
    /// <returns>How it went.</returns>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    Task<TrialResult> RunAsync(TrialSettings settings, CancellationToken ct);
}
