using System.Globalization;
using System.Numerics;

namespace MLNetCnn.Weights.Formats;

/// <summary>
/// What <c>torch.save</c> wrote before PyTorch 1.6, and as many published weights still are: five pickles (a magic number, the
/// version, the machine, the tensors, the names of the storages), then the storages, each after its number of elements.
/// </summary>
internal sealed class LegacyPyTorchFile : IWeightsFile
{
    private const long Version = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private readonly MappedFile _data;

    /// <exception cref="InvalidDataException">It is no sound file of tensors; the message says why.</exception>
    public LegacyPyTorchFile(string path)
    {
        IReadOnlyList<KeyValuePair<string, PickledTensor>> state;
        Dictionary<string, long> starts;
        using (var stream = File.OpenRead(path))
        {
            try
            {
                (state, starts) = Read(stream);
            }
            catch (InvalidDataException error)
            {
                throw new InvalidDataException($"{path}: {error.Message}", error);
            }
        }

        _data = new MappedFile(path);
        Tensors = [.. state.Select(item => new StoredTensor(item.Key, item.Value.Storage.Type, item.Value.Shape, () =>
        {
            using var scope = NewDisposeScope();
            var storage = item.Value.Storage;
            return scope.MoveToOuter(item.Value.Of(_data.Tensor(starts[storage.Key], [storage.Count], storage.Type)));
        }))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();

    private static (IReadOnlyList<KeyValuePair<string, PickledTensor>> State, Dictionary<string, long> Starts) Read(Stream stream)
    {
        var storages = new Dictionary<string, PickledStorage>(StringComparer.Ordinal);
        if (!Equals(Plain(), Magic) || !Equals(Plain(), Version))
        {
            throw new InvalidDataException("is a pickle, but no PyTorch file");
        }

        if (Plain() is PickledDict machine && machine.Items.Any(item => item is { Key: "little_endian", Value: false }))
        {
            throw new InvalidDataException("was saved on a big-endian machine: save it on another");
        }

        var state = PickledTensors.State(new Unpickler(stream, PickledTensors.Resolve, id =>
        {
            var storage = PickledTensors.Storage(id);
            return storages.TryAdd(storage.Key, storage) || storages[storage.Key] == storage
                ? storage
                : throw new InvalidDataException($"describes the storage {storage.Key} in two ways");
        }).Load());
        var starts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var key in Plain() as List<object?> ?? [])
        {
            if (key is not string name || !storages.TryGetValue(name, out var storage))
            {
                throw new InvalidDataException($"lists a storage {key} that no tensor uses");
            }

            starts[name] = Skip(stream, storage);
        }

        return state.FirstOrDefault(item => !starts.ContainsKey(item.Value.Storage.Key)) is { Key: { } missing }
            ? throw new InvalidDataException($"the storage of '{missing}' is missing")
            : (state, starts);

        object? Plain() => new Unpickler(stream, PickledTensors.Resolve, _ => throw new InvalidDataException("is damaged: a storage stands where none is due")).Load();
    }

    // Passes over a storage, and says where its elements begin.
    private static long Skip(Stream stream, PickledStorage storage)
    {
        var bytes = checked(storage.Count * torch.SizeOf(storage.Type));
        Span<byte> count = stackalloc byte[sizeof(long)];
        if (stream.ReadAtLeast(count, count.Length, throwOnEndOfStream: false) < count.Length || stream.Position + bytes > stream.Length)
        {
            throw new InvalidDataException($"is cut short: it ends within storage {storage.Key}");
        }

        if (BitConverter.ToInt64(count) != storage.Count)
        {
            throw new InvalidDataException($"storage {storage.Key} has {BitConverter.ToInt64(count)} elements, {storage.Count} are due");
        }

        var start = stream.Position;
        stream.Position += bytes;
        return start;
    }
}
