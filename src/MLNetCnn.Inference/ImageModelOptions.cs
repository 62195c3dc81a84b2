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
    /// <value>32.</value>
    public int BatchSize { get; init; } = 32;

    internal IEnumerable<string> Problems()
    {
        if (Threads < 1)
        {
            yield return FormattableString.Invariant($"the model's Threads is {Threads}: at least 1 is needed");
        }

        if (BatchSize < 1)
        {
            yield return FormattableString.Invariant($"the model's BatchSize is {BatchSize}: at least 1 is needed");
        }
    }

    internal void Validate()
    {
        if (Problems().FirstOrDefault() is { } problem)
        {
            throw new ArgumentOutOfRangeException(null, problem);
        }
    }
}
