namespace MLNetCnn.Inference.Pooling;

/// <summary>A prediction that was refused because as many wait already as may (<see cref="PredictionQueueOptions.Capacity"/>): try again later.</summary>
public sealed class PredictionQueueFullException : Exception
{
    internal PredictionQueueFullException(int capacity)
        : base(FormattableString.Invariant($"{capacity} requests wait already: try again later"))
    {
    }
}
