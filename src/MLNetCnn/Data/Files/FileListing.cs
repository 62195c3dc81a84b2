using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>Collects the names of a set, and refuses those that no dataset has need of.</summary>
internal sealed class FileListing(string name)
{
    /// <summary>The longest name, in characters; Linux has no longer paths.</summary>
    private const int LongestName = 4096;

    private readonly SortedDictionary<string, FileEntry> _files = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _folders = new(StringComparer.Ordinal);

    public LeftOut LeftOut { get; } = new();

    public IReadOnlyList<FileEntry> Files => [.. _files.Values];

    public IReadOnlyList<string> Folders => [.. _folders];

    /// <summary>Takes a file under its plain name.</summary>
    /// <returns>The name; null where the file is hidden or left out.</returns>
    public string? AddFile(string stored, long size)
    {
        if (ProblemOf(stored) is { } problem)
        {
            LeftOut.Add($"{name}: {stored}", problem);
            return null;
        }

        var plain = PlainName(stored);
        if (plain is not null && !_files.TryAdd(plain, new FileEntry(plain, size)))
        {
            LeftOut.Add($"{name}: {plain}", " stands there a second time");
            return null;
        }

        return plain;
    }

    public void AddFolder(string stored)
    {
        if (PlainName(stored) is { Length: > 0 } plain)
        {
            _folders.Add(plain);
        }
    }

    public void Refuse(string stored, string reason)
    {
        if (!IsHidden(stored))
        {
            LeftOut.Add($"{name}: {stored}", reason);
        }
    }

    /// <summary>The name that a stored one is listed under; null where it is not listed.</summary>
    public static string? PlainName(string stored) => IsHidden(stored) || ProblemOf(stored) is not null
        ? null
        : string.Join('/', stored.Split('/').Where(part => part is not ("" or ".")));

    // Dot files, and what macOS puts into zips.
    private static bool IsHidden(string stored) => stored.Split('/').Any(part => part is not ("." or "..") && (part.StartsWith('.') || part == "__MACOSX"));

    private static string? ProblemOf(string stored)
    {
        if (stored.Length > LongestName)
        {
            return string.Create(CultureInfo.InvariantCulture, $" has a name of {stored.Length} characters, at most {LongestName} are possible");
        }

        if (stored.Contains('\uFFFD') || stored.Any(char.IsControl))
        {
            return " has a name that is no UTF-8 text: rename it";
        }

        return stored.StartsWith('/') || stored.Split('/', '\\').Contains("..") || (stored.Length > 1 && stored[1] == ':')
            ? " has a name that leaves the archive"
            : null;
    }
}
