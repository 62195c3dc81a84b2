using System.Text.Json;

namespace MLNetCnn.Inference;

/// <summary>
/// A model .zip in memory: <c>model.onnx</c> (the graph from uint8 pixels to probabilities), <c>model.json</c>
/// (<see cref="ModelMetadata"/>), <c>weights.safetensors</c> (to train further) and <c>checksums.txt</c> (which
/// <c>sha256sum -c</c> reads too).
/// </summary>
/// <param name="Metadata">What <c>model.json</c> says.</param>
/// <param name="Onnx">The serialized ONNX graph.</param>
/// <param name="Weights">The network's state in safetensors format; empty when it was read without.</param>
public sealed record ModelPackage(ModelMetadata Metadata, ReadOnlyMemory<byte> Onnx, ReadOnlyMemory<byte> Weights)
{
    private const int VersionLength = 12;

    // A safetensors file of no tensors: 8 bytes of length, and an empty header.
    private static readonly byte[] Empty = [2, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8];

    /// <summary>The weights of a model whose training cannot go on: a safetensors file of no tensors.</summary>
    public static ReadOnlyMemory<byte> NoWeights => Empty;

    /// <summary>
    /// Twelve hexadecimal digits that change with anything in the .zip: the first of the SHA-256 of its <c>checksums.txt</c>.
    /// Null for a package that was not read.
    /// </summary>
    public string? Version { get; private init; }

    /// <summary>Reads and verifies the model .zip at <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="includeWeights">False keeps the weights out of memory (they are verified all the same): all that prediction needs.</param>
    /// <exception cref="ModelFormatException">The file is damaged, hostile, of an unknown version or no model.</exception>
    /// <exception cref="IOException">The file can't be opened.</exception>
    public static ModelPackage Read(string path, bool includeWeights = true)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, path, includeWeights);
    }

    /// <summary>Reads and verifies a model .zip from <paramref name="stream"/>, which stays open.</summary>
    /// <param name="stream">The bytes of the .zip; a stream that can't seek is read into memory first.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="includeWeights">False keeps the weights out of memory; they are verified all the same.</param>
    /// <exception cref="ModelFormatException">The file is damaged, hostile, of an unknown version or no model.</exception>
    public static ModelPackage Read(Stream stream, string name = "the model .zip", bool includeWeights = true)
    {
        var (onnx, json, weights, weightsHash, contentHash) = ModelArchive.Read(stream, name, includeWeights);
        var metadata = ParseMetadata(json, name);
        return metadata.Provenance.WeightsHash == weightsHash
            ? new ModelPackage(metadata, onnx, weights) { Version = contentHash[..VersionLength] }
            : throw ModelFormatException.For(name, $"{ModelArchive.Weights} has the SHA-256 {weightsHash}, but {ModelArchive.Metadata} says {metadata.Provenance.WeightsHash ?? "nothing"}: both come from one run");
    }

    /// <summary>
    /// Writes the .zip to <paramref name="path"/>: beside it first, then renamed into place, so that a reader never sees half
    /// a file. The same package gives the same bytes.
    /// </summary>
    /// <exception cref="ArgumentException">The metadata breaks a rule; the message lists every one.</exception>
    /// <exception cref="InvalidOperationException">Graph or weights are missing.</exception>
    /// <exception cref="IOException">The file can't be written; what was at <paramref name="path"/> is untouched.</exception>
    public void Save(string path)
    {
        var fullPath = Path.GetFullPath(path);
        var partial = $"{fullPath}.{Guid.NewGuid():N}.partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(fullPath)!);
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write))
            {
                Write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, fullPath, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: the model can't be written ({exception.Message.TrimEnd('.')}). Choose a folder that is writable and has room.", exception);
        }
        finally
        {
            if (File.Exists(partial))
            {
                File.Delete(partial);
            }
        }
    }

    /// <summary>Writes the .zip to <paramref name="stream"/>, which stays open.</summary>
    /// <exception cref="ArgumentException">The metadata breaks a rule; the message lists every one.</exception>
    /// <exception cref="InvalidOperationException">Graph or weights are missing.</exception>
    public void Write(Stream stream)
    {
        if (Onnx.IsEmpty || Weights.IsEmpty)
        {
            throw new InvalidOperationException($"The model has no {(Onnx.IsEmpty ? "graph" : "weights")}: a model .zip holds both (a package read with includeWeights: false can't be written).");
        }

        var metadata = Metadata with { Provenance = Metadata.Provenance with { WeightsHash = ModelArchive.Hash(Weights.Span) } };
        var problems = metadata.Problems().ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException($"The model's metadata can't be written: {string.Join("; ", problems)}.");
        }

        ModelArchive.Write(
            stream,
            Onnx.Span,
            JsonSerializer.SerializeToUtf8Bytes(metadata, ModelJson.Instance.ModelMetadata),
            Weights.Span);
    }

    private static ModelMetadata ParseMetadata(byte[] json, string file)
    {
        try
        {
            // The version first: another version's members may mean something else.
            using (var document = JsonDocument.Parse(json))
            {
                if (document.RootElement.ValueKind != JsonValueKind.Object
                    || !document.RootElement.TryGetProperty("formatVersion", out var version)
                    || version.ValueKind != JsonValueKind.Number)
                {
                    throw ModelFormatException.For(file, $"{ModelArchive.Metadata} has no number formatVersion: it says how to read the rest");
                }

                if (!version.TryGetInt32(out var number) || number != ModelMetadata.CurrentFormatVersion)
                {
                    throw ModelFormatException.For(
                        file,
                        $"{ModelArchive.Metadata} has format version {version.GetRawText()}: this library reads version {ModelMetadata.CurrentFormatVersion}",
                        "Update MLNetCnn, or write the model again with the version of MLNetCnn that you use.");
                }
            }

            var metadata = JsonSerializer.Deserialize(json, ModelJson.Instance.ModelMetadata)
                ?? throw new JsonException("it is null");
            var problems = metadata.Problems().ToList();
            return problems.Count == 0
                ? metadata
                : throw ModelFormatException.For(file, $"{ModelArchive.Metadata} is wrong: {string.Join("; ", problems)}");
        }
        catch (JsonException exception)
        {
            throw ModelFormatException.For(file, $"{ModelArchive.Metadata} can't be read ({exception.Message.TrimEnd('.')})", innerException: exception);
        }
    }
}
