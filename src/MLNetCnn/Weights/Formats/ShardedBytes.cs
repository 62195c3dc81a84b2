using Microsoft.Win32.SafeHandles;

namespace MLNetCnn.Weights.Formats;

/// <summary>Files that are read as if they were one.</summary>
internal sealed class ShardedBytes : IDisposable
{
    private readonly List<(SafeFileHandle File, long Start, long End)> _shards = [];

    /// <exception cref="IOException">One of them cannot be read.</exception>
    public ShardedBytes(IEnumerable<string> paths)
    {
        try
        {
            foreach (var path in paths)
            {
                var file = File.OpenHandle(path);
                _shards.Add((file, Length, Length + RandomAccess.GetLength(file)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The bytes of all files.</summary>
    public long Length => _shards.Count == 0 ? 0 : _shards[^1].End;

    /// <summary>Reads <paramref name="destination"/> full, from byte <paramref name="position"/> on.</summary>
    /// <exception cref="InvalidDataException">A file has become shorter since it was opened.</exception>
    public void Read(long position, Span<byte> destination)
    {
        foreach (var (file, start, end) in _shards)
        {
            while (destination.Length > 0 && position >= start && position < end)
            {
                var read = RandomAccess.Read(file, destination[..(int)Math.Min(destination.Length, end - position)], position - start);
                if (read == 0)
                {
                    throw new InvalidDataException("a shard became shorter while it was read");
                }

                position += read;
                destination = destination[read..];
            }
        }
    }

    public void Dispose() => _shards.ForEach(shard => shard.File.Dispose());
}
