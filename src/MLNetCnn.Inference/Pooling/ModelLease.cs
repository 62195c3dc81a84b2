namespace MLNetCnn.Inference.Pooling;

/// <summary>
/// A model in use: it stays whole until the lease is disposed, whatever the pool loads meanwhile. One instance belongs to one user;
/// the model serves all threads.
/// </summary>
public sealed class ModelLease : IDisposable
{
    private SharedModel? _shared;

    internal ModelLease(SharedModel shared)
    {
        _shared = shared;
        Model = shared.Model;
    }

    /// <summary>The model; not to be disposed, and not to be used after the lease.</summary>
    public ImageModel Model { get; }

    /// <summary>Gives the model back; the last one to do so for a model that was replaced disposes it. Further calls do nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _shared, null)?.Release();
}
