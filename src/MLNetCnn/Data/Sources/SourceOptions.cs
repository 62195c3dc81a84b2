namespace MLNetCnn.Data;

/// <summary>Where files are looked for besides the places that manifests name.</summary>
public record SourceOptions
{
    /// <summary>The environment variable that names mirror folders, separated as in <c>PATH</c>.</summary>
    public const string MirrorVariable = "MLNETCNN_MIRROR";

    /// <summary>Folders that hold files under their manifest's names; searched before everything else, those of <c>MLNETCNN_MIRROR</c> after these.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>The cache's root; <see cref="Data.CacheFolder.Default"/> by default.</summary>
    public string CacheFolder { get; init; } = Data.CacheFolder.Default;

    /// <summary>True to never use the network; false by default.</summary>
    public bool Offline { get; init; }

    internal IReadOnlyList<string> AllMirrors =>
        [.. Mirrors, .. (Environment.GetEnvironmentVariable(MirrorVariable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)];
}
