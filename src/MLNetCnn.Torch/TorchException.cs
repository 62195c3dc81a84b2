namespace MLNetCnn.Torch;

/// <summary>What libtorch refused, in its own words, or why libtorch could not be loaded.</summary>
public sealed class TorchException : Exception
{
    /// <summary>An error without a message.</summary>
    public TorchException()
    {
    }

    /// <summary>An error with <paramref name="message"/>.</summary>
    public TorchException(string message)
        : base(message)
    {
    }

    /// <summary>An error with <paramref name="message"/>, caused by <paramref name="innerException"/>.</summary>
    public TorchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
