namespace MLNetCnn.AutoML;

/// <summary>A trial store can't be reached, or holds something else than trials of this version.</summary>
public sealed class TrialStoreException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line: the store, what is wrong, the way out.</param>
    /// <param name="innerException">The database's own error, where there is one.</param>
    public TrialStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
