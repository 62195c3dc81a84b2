namespace MLNetCnn.Data;

/// <summary>Stops a decompression that yields far more than it takes in.</summary>
internal sealed class GrowthGuard(Stream content, FileStream file, string archive) : ForwardStream
{
    private long _given;

    public override int Read(Span<byte> buffer)
    {
        var read = content.Read(buffer);
        _given += read;
        return ArchiveLimits.IsBomb(file.Position, _given) ? throw ArchiveLimits.Bomb(archive, file.Length, _given) : read;
    }

    protected override void Dispose(bool disposing)
    {
        content.Dispose();
        base.Dispose(disposing);
    }
}
