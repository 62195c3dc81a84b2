namespace MLNetCnn.AutoML;

/// <summary>The learning curve of a trial: all that pruners see of it.</summary>
/// <param name="TrialId">The trial's number within its experiment.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Losses">The loss after each step (epoch), lower is better; NaN for a step without one.</param>
public sealed record TrialCurve(int TrialId, TrialState State, IReadOnlyList<double> Losses)
{
    /// <summary>The loss after a step.</summary>
    /// <param name="step">From 1.</param>
    /// <returns>The loss; NaN where the trial did not get there.</returns>
    public double At(int step) => step <= Losses.Count ? Losses[step - 1] : double.NaN;

    /// <summary>The lowest of some losses, those that are no numbers left out; infinity where nothing is left.</summary>
    public static double Lowest(IEnumerable<double> losses) => losses.Where(double.IsFinite).DefaultIfEmpty(double.PositiveInfinity).Min();
}
