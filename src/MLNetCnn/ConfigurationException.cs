namespace MLNetCnn;

/// <summary>What the user asked for cannot be done as it stands: all its problems at once, each with the value, the rule and the way out.</summary>
public sealed class ConfigurationException : ArgumentException
{
    /// <summary>One problem or several.</summary>
    /// <param name="problems">One sentence each; at least one.</param>
    public ConfigurationException(params IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>The problems, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Throws where <paramref name="problems"/> is not empty.</summary>
    /// <exception cref="ConfigurationException">There is at least one problem.</exception>
    public static void ThrowIfAny(IEnumerable<string> problems)
    {
        IReadOnlyList<string> all = [.. problems];
        if (all.Count > 0)
        {
            throw new ConfigurationException(all);
        }
    }
}
