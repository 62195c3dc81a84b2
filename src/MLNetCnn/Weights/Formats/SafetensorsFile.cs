namespace MLNetCnn.Weights.Formats;

/// <summary>A safetensors file, memory-mapped.</summary>
internal sealed class SafetensorsFile : IWeightsFile
{
    private readonly MappedFile _data;

    /// <exception cref="InvalidDataException">It is no sound safetensors file; the message says why.</exception>
    public SafetensorsFile(string path)
    {
        SafetensorsHeader header;
        long start;
        using (var stream = File.OpenRead(path))
        {
            header = SafetensorsHeader.Read(stream, path, stream.Length);
            start = stream.Position;
        }

        _data = new MappedFile(path);
        Tensors = [.. header.Entries.Select(entry => new StoredTensor(
            entry.Name, entry.DType, entry.Shape, () => _data.Tensor(start + entry.Begin, [.. entry.Shape], entry.DType)))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();
}
