namespace MLNetCnn.Inference;

/// <summary>How an <see cref="ImageModel"/> runs.</summary>
public sealed record ImageModelOptions
{
    /// <summary>
    /// Threads inside one prediction, at least 1; 1 by default. A service gets more done with one thread in each of several
    /// requests; more threads shorten a single prediction.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>Most images that <see cref="ImageModel.PredictBatch"/> runs through the network at once, at least 1; bounds memory.</summary>
    public int BatchSize { get; init; } = 32;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
    }
}
