using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch;

/// <summary>What a safetensors file holds.</summary>
/// <param name="Tensors">The tensors by name, on the processor; they belong to the dispose scope they were read in.</param>
/// <param name="Metadata">The texts that belong to them.</param>
public sealed record SafetensorsContent(Dictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>
/// Reads and writes safetensors files: tensors by name, and nothing that is executed. The format:
/// https://huggingface.co/docs/safetensors.
/// </summary>
public static class Safetensors
{
    private const int ChunkBytes = 16 << 20;

    /// <summary>Writes <paramref name="tensors"/> to a file that appears under <paramref name="path"/> when it is complete.</summary>
    /// <exception cref="IOException">The file can't be written; nothing is left behind.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var unfinished = path + ".partial";
        try
        {
            using (var stream = File.Create(unfinished))
            {
                Write(stream, tensors, metadata);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Writes <paramref name="tensors"/>, from any device and layout, in the order of their names.</summary>
    public static unsafe void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var sorted = tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        stream.Write(SafetensorsHeader.Of(sorted, metadata).ToBytes());
        foreach (var (_, tensor) in sorted)
        {
            using var scope = NewDisposeScope();
            var plain = tensor.cpu().contiguous();
            foreach (var (start, count) in Chunks(plain))
            {
                stream.Write(new ReadOnlySpan<byte>((void*)start, count));
            }
        }
    }

    /// <summary>Reads the tensors of the file <paramref name="path"/>; they belong to the current dispose scope.</summary>
    /// <exception cref="InvalidDataException">It is no sound safetensors file; the message says why.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static Dictionary<string, Tensor> Load(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, path, stream.Length).Tensors;
    }

    /// <summary>Reads the safetensors file that <paramref name="stream"/> is, from its start to its end, in one pass.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <param name="length">The bytes that the stream holds, where that is known (what a stream that can seek says, by default); checked before any tensor is made.</param>
    /// <exception cref="InvalidDataException">It is no sound safetensors file; the message says why.</exception>
    public static SafetensorsContent Read(Stream stream, string source, long? length = null)
    {
        var header = SafetensorsHeader.Read(stream, source, length ?? (stream.CanSeek ? stream.Length : null));
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach (var entry in header.Entries)
            {
                var tensor = empty([.. entry.Shape], entry.DType);
                tensors.Add(entry.Name, tensor);
                Fill(tensor, entry.End - entry.Begin, stream);
            }
        }
        catch (EndOfStreamException)
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }

            throw new InvalidDataException($"{source} is cut short: it ends within tensor '{tensors.Keys.Last()}'");
        }

        return new(tensors, header.Metadata);
    }

    private static unsafe void Fill(Tensor tensor, long bytes, Stream stream)
    {
        foreach (var (start, count) in Chunks(tensor, bytes))
        {
            stream.ReadExactly(new Span<byte>((void*)start, count));
        }
    }

    private static IEnumerable<(nint Start, int Count)> Chunks(Tensor tensor) =>
        Chunks(tensor, SafetensorsHeader.Of([new("", tensor)], null).DataBytes);

    private static IEnumerable<(nint Start, int Count)> Chunks(Tensor tensor, long bytes)
    {
        Check(mnc_tensor_data_ptr(tensor, out var start));
        for (var position = 0L; position < bytes; position += ChunkBytes)
        {
            yield return ((nint)(start + position), (int)Math.Min(ChunkBytes, bytes - position));
        }

        GC.KeepAlive(tensor);
    }
}
