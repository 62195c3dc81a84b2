namespace MLNetCnn.Inference.Pooling;

/// <summary>Where a model .zip comes from.</summary>
internal interface IModelSource
{
    /// <summary>What messages call it.</summary>
    string Description { get; }

    /// <summary>How often to look for a newer one; null for never.</summary>
    TimeSpan? Period { get; }

    /// <summary>The .zip, seekable; null where it is the one that was opened last.</summary>
    Task<Stream?> OpenIfChangedAsync(CancellationToken cancellationToken);

    /// <summary>What was opened last was not read to its end: it is opened again the next time, unchanged as it may be.</summary>
    void Forget();
}
