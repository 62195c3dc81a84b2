namespace MLNetCnn.Data;

/// <summary>A manifest that cannot be used, with everything that is wrong with it.</summary>
public sealed class ManifestException : DatasetException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="file">The manifest.</param>
    /// <param name="problems">One line each: the place in the file (a JSON path), the value and the rule.</param>
    public ManifestException(string file, IReadOnlyList<string> problems)
        : base(problems.Count == 1 ? $"{file}: {problems[0]}" : $"{file} has {problems.Count} problems:\n  {string.Join("\n  ", problems)}")
    {
        File = file;
        Problems = problems;
    }

    /// <summary>The manifest.</summary>
    public string File { get; }

    /// <summary>All problems, one line each.</summary>
    public IReadOnlyList<string> Problems { get; }
}
