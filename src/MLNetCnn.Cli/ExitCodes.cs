namespace MLNetCnn.Cli;

/// <summary>What the command's exit code says.</summary>
public static class ExitCodes
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>Something broke: a damaged file, a missing library, a full disk.</summary>
    public const int Failure = 1;

    /// <summary>The user asked for something that cannot be: an unknown name, a value out of its range, a missing file.</summary>
    public const int UserMistake = 2;

    /// <summary>Ctrl-C ended it; what was best so far has been kept.</summary>
    public const int Cancelled = 130;
}
