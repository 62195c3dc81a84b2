namespace MLNetCnn.Data;

/// <summary>A source whose files are at hand, with the declared sizes and checksums.</summary>
/// <param name="Source">The alternative of the manifest that was taken.</param>
/// <param name="Files">Where each file lies, by its name in the manifest; empty for a folder that is taken as it is.</param>
/// <param name="Problems">Files that were found but passed over because they are not what the manifest declares.</param>
public sealed record ResolvedSource(DataSource Source, IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> Problems);
