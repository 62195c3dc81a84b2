namespace MLNetCnn.Inference.Pooling;

/// <summary>
/// A model .zip on disk. It is looked at once a second rather than by the system's events, which network folders and a
/// container's mounts don't send.
/// </summary>
internal sealed class FileModelSource(string path, bool watchForChanges) : IModelSource
{
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);

    // No file is so long.
    private static readonly (DateTime Written, long Length) Never = (default, -1);

    private (DateTime Written, long Length)? _opened;

    public string Description => path;

    public TimeSpan? Period { get; } = watchForChanges ? TimeSpan.FromSeconds(1) : null;

    public async Task<Stream?> OpenIfChangedAsync(CancellationToken cancellationToken)
    {
        var found = Look();
        if (found == _opened)
        {
            return null;
        }

        // One that is being written in place goes on changing.
        for (var before = _opened; before is not null && before != found; before = found, found = Look())
        {
            await Task.Delay(Settling, cancellationToken);
        }

        // One that is missing, or may not be opened yet, is tried again, and so is the one before it when it comes back.
        Forget();
        var stream = File.OpenRead(path);
        _opened = found;
        return stream;
    }

    public void Forget() => _opened = Never;

    private (DateTime Written, long Length) Look() =>
        (File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path)) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;
}
