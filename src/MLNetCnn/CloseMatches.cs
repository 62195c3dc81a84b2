namespace MLNetCnn;

/// <summary>Finds what a user may have meant by a misspelt name.</summary>
internal static class CloseMatches
{
    /// <summary>The candidates within a few keystrokes of <paramref name="name"/>, or that contain it; nearest first.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> candidates)
    {
        var limit = Math.Max(2, name.Length / 3);
        return [.. candidates
            .Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(match => match.distance <= limit || match.candidate.Contains(name, StringComparison.OrdinalIgnoreCase))
            .OrderBy(match => match.distance)
            .Select(match => match.candidate)
            .Take(3)];
    }

    /// <summary>“: did you mean …?”, or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> candidates)
    {
        var matches = Of(name, candidates);
        return matches.Count == 0 ? "" : $", did you mean {string.Join(" or ", matches.Select(match => $"'{match}'"))}?";
    }

    // Levenshtein's distance, one row at a time.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
