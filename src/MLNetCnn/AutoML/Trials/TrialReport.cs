namespace MLNetCnn.AutoML;

/// <summary>How a trial stood after one step of its training.</summary>
/// <param name="Step">The step (epoch), from 1.</param>
/// <param name="Loss">What pruners compare: lower is better, of the same kind as <see cref="TrialResult.Loss"/>.</param>
public sealed record TrialReport(int Step, double Loss)
{
    /// <summary>Seconds since the trial began.</summary>
    public double Seconds { get; init; }

    /// <summary>Whatever else is worth keeping, by name: <c>accuracy</c>, <c>trainLoss</c>, <c>learningRate</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
}
