namespace MLNetCnn.Data;

/// <summary>Where a folder or archive lay when its images were cached: it may have been moved since, or have a twin.</summary>
/// <param name="Given">As it was named.</param>
/// <param name="Real">Without links.</param>
internal sealed record OriginRoot(string Given, string Real)
{
    /// <summary>The root of a path.</summary>
    public static OriginRoot Of(string path) => new(path, RealPath.Of(path));

    /// <summary>A name or message that begins with this root, as it begins with another.</summary>
    public string Moved(string text, OriginRoot now) =>
        BeginsWith(text, Real) ? now.Real + text[Real.Length..]
        : BeginsWith(text, Given) ? now.Given + text[Given.Length..]
        : text;

    private static bool BeginsWith(string text, string root) =>
        text.StartsWith(root, StringComparison.Ordinal) && text.Length > root.Length && text[root.Length] is '/' or ':' or ' ';
}
