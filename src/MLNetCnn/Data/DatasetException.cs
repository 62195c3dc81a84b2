namespace MLNetCnn.Data;

/// <summary>A dataset that cannot be had, is damaged, or is not what its manifest declares.</summary>
public class DatasetException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, with the value or file, the rule and the way out.</param>
    /// <param name="inner">The cause; null where there is none.</param>
    public DatasetException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Files of a dataset, or weights, that are in none of the places where they could be.</summary>
/// <param name="message">Every place that was looked in, and the way out.</param>
public sealed class SourceNotFoundException(string message) : DatasetException(message);
