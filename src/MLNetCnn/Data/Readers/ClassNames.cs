using System.Text.RegularExpressions;

namespace MLNetCnn.Data;

/// <summary>What class folders are called.</summary>
internal static partial class ClassNames
{
    /// <summary>
    /// The classes of folders, in the folders' order. WordNet numbers in front (<c>n02085620-Chihuahua</c>) are dropped where all
    /// folders have them and what remains tells the classes apart.
    /// </summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> folders)
    {
        var plain = folders.Select(folder => WordNet().Match(folder) is { Success: true } match ? match.Groups[1].Value : null).ToList();
        return plain.Count > 0 && !plain.Contains(null) && plain.Distinct(StringComparer.Ordinal).Count() == plain.Count ? plain! : folders;
    }

    [GeneratedRegex("^n[0-9]{8}[-_](.+)$")]
    private static partial Regex WordNet();
}
