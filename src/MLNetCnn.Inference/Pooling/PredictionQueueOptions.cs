namespace MLNetCnn.Inference.Pooling;

/// <summary>How predictions wait for their turn, and which are run together.</summary>
public sealed record PredictionQueueOptions
{
    /// <summary>How many requests are decoded and predicted at the same time, at least 1; one for each processor by default.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>How many requests wait at most, at least 1; 64 by default. Beyond that they are refused at once.</summary>
    public int Capacity { get; init; } = 64;

    /// <summary>
    /// Images of several requests that run through the network together at most (micro-batching), at least 1; 3 by default, which
    /// spares a small network a tenth of its time. Only images of one size share a run, and only requests that no worker is free for.
    /// </summary>
    public int BatchSize { get; init; } = 3;

    /// <summary>
    /// How long a first request waits for others to share its run, from zero to one second; by default zero: it takes along what waits
    /// already.
    /// </summary>
    public TimeSpan BatchDelay { get; init; }

    internal IEnumerable<string> Problems()
    {
        if (Workers < 1)
        {
            yield return FormattableString.Invariant($"the queue's Workers is {Workers}: at least 1 is needed");
        }

        if (Capacity < 1)
        {
            yield return FormattableString.Invariant($"the queue's Capacity is {Capacity}: at least 1 is needed");
        }

        if (BatchSize < 1)
        {
            yield return FormattableString.Invariant($"the queue's BatchSize is {BatchSize}: at least 1 is needed");
        }

        if (BatchDelay < TimeSpan.Zero || BatchDelay > TimeSpan.FromSeconds(1))
        {
            yield return FormattableString.Invariant($"the queue's BatchDelay is {BatchDelay}: from zero to one second is allowed");
        }
    }
}
