using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace MLNetCnn.Weights.Formats;

/// <summary>
/// What <c>torch.save</c> writes since PyTorch 1.6: a zip with a pickle, which describes the tensors, and one entry per storage.
/// Only tensors in dicts are read, and nothing is run (<see cref="PickledTensors"/>).
/// </summary>
internal sealed class PyTorchFile : IWeightsFile
{
    private const int MaxPickle = 64 << 20;

    private readonly string _path;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, Tensor> _storages = new(StringComparer.Ordinal);

    private PyTorchFile(string path)
    {
        _path = path;
        try
        {
            _zip = ZipFile.OpenRead(path);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path} is cut short or no PyTorch file: {error.Message}", error);
        }

        try
        {
            Tensors = ReadTensors();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Opens a <c>.pth</c> or <c>.pt</c> file of today's form or that before PyTorch 1.6.</summary>
    /// <exception cref="InvalidDataException">It is no sound file of tensors; the message says why.</exception>
    public static IWeightsFile Open(string path)
    {
        Span<byte> start = stackalloc byte[4];
        using (var stream = File.OpenRead(path))
        {
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }

        return start switch
        {
            [(byte)'P', (byte)'K', ..] => new PyTorchFile(path),
            [0x80, ..] => new LegacyPyTorchFile(path),
            _ => throw new InvalidDataException($"{path} is no PyTorch file: it begins with neither a zip nor a pickle"),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var storage in _storages.Values)
        {
            storage.Dispose();
        }

        _zip.Dispose();
    }

    private StoredTensor[] ReadTensors()
    {
        // All entries lie below one folder, which has the name that the file had when it was saved.
        var pickle = _zip.Entries.FirstOrDefault(entry => entry.FullName.Count(letter => letter == '/') == 1 && entry.Name == "data.pkl")
            ?? throw new InvalidDataException($"{_path} is a zip without data.pkl: no PyTorch file");
        var folder = pickle.FullName[..^pickle.Name.Length];
        if (_zip.GetEntry(folder + "byteorder") is { } order && Encoding.ASCII.GetString(ReadSmall(order)) != "little")
        {
            throw new InvalidDataException($"{_path} was saved on a big-endian machine: save it on another");
        }

        try
        {
            var root = new Unpickler(new MemoryStream(ReadSmall(pickle)), PickledTensors.Resolve, PickledTensors.Storage).Load();
            return [.. PickledTensors.State(root).Select(item => Stored(item.Key, item.Value, folder))];
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{_path}: {error.Message}", error);
        }
    }

    private StoredTensor Stored(string name, PickledTensor tensor, string folder)
    {
        var storage = tensor.Storage;
        var entry = _zip.GetEntry($"{folder}data/{storage.Key}") ?? throw new InvalidDataException($"its storage {storage.Key} is missing");
        var bytes = checked(storage.Count * torch.SizeOf(storage.Type));
        return entry.Length == bytes
            ? new StoredTensor(name, storage.Type, tensor.Shape, () => tensor.Of(Storage(storage, entry)))
            : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"its storage {storage.Key} has {entry.Length} bytes, {bytes} are due"));
    }

    // Kept, since tensors may share one.
    private Tensor Storage(PickledStorage storage, ZipArchiveEntry entry)
    {
        if (!_storages.TryGetValue(storage.Key, out var tensor))
        {
            tensor = TensorBytes.Read([storage.Count], storage.Type, buffer => Read(entry, buffer.Span)).DetachFromDisposeScope();
            _storages.Add(storage.Key, tensor);
        }

        return tensor;
    }

    private byte[] ReadSmall(ZipArchiveEntry entry)
    {
        if (entry.Length > MaxPickle)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{_path}: {entry.FullName} has {entry.Length} bytes, at most {MaxPickle} are allowed"));
        }

        var bytes = new byte[entry.Length];
        Read(entry, bytes);
        return bytes;
    }

    private void Read(ZipArchiveEntry entry, Span<byte> buffer)
    {
        try
        {
            using var stream = entry.Open();
            stream.ReadExactly(buffer);
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException)
        {
            throw new InvalidDataException($"{_path}: {entry.FullName} is damaged: {error.Message}", error);
        }

        if (Crc32.HashToUInt32(buffer) != entry.Crc32)
        {
            throw new InvalidDataException($"{_path}: {entry.FullName} is damaged: its checksum is another");
        }
    }
}
