namespace MLNetCnn.Inference.Pooling;

/// <summary>How a pool's model is doing.</summary>
/// <param name="Name">Its name in the pool.</param>
/// <param name="Version"><see cref="ImageModel.Version"/> of the model that answers; null while there is none.</param>
/// <param name="LoadedAt">When that model was loaded, UTC; null while there is none.</param>
/// <param name="Reloads">How often a newer model has taken the place of an older one.</param>
/// <param name="Failures">How often loading failed.</param>
/// <param name="Error">Why the last attempt to load failed; null where it went well. It may name a path.</param>
public sealed record ModelStatus(string Name, string? Version, DateTimeOffset? LoadedAt, int Reloads, int Failures, string? Error)
{
    /// <summary>Whether the model answers.</summary>
    public bool IsReady => Version is not null;
}
