using System.Buffers.Binary;

using PureHDF;
using PureHDF.VOL.Native;

namespace MLNetCnn.Weights.Formats;

/// <summary>
/// A Keras <c>.h5</c> file: HDF5, groups of numbers. A tensor is called by its path, such as <c>conv1/conv1/kernel</c>; the
/// <c>:0</c> that TensorFlow ends names with is left out.
/// </summary>
internal sealed class KerasFile : IWeightsFile
{
    private const int MaxDepth = 16;
    private const int MaxObjects = 100_000;
    private const string Output = ":0";

    private readonly string _path;
    private readonly NativeFile _file;
    private readonly List<StoredTensor> _tensors = [];
    private int _objects;

    /// <exception cref="InvalidDataException">It is no sound HDF5 file; the message says why.</exception>
    public KerasFile(string path)
    {
        _path = path;
        RequireWhole(path);
        _file = Guarded(() => H5File.OpenRead(path));
        try
        {
            Guarded(() => Walk(_file, "", depth: 0));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredTensor> Tensors => _tensors;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0d, 0x0a, 0x1a, 0x0a];

    // The library does not look at the length that an HDF5 file says it has: https://docs.hdfgroup.org, file format, superblock.
    private static void RequireWhole(string path)
    {
        Span<byte> start = stackalloc byte[52];
        using var stream = File.OpenRead(path);
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        var declared = start.Length < 52 ? (ulong)start.Length + 1 : BinaryPrimitives.ReadUInt64LittleEndian(start[(start[8] switch { 0 => 40, 1 => 44, _ => 28 })..]);
        if (!start.StartsWith(Signature) || declared > (ulong)stream.Length)
        {
            throw new InvalidDataException($"{path} is no sound HDF5 file: {(start.StartsWith(Signature) ? "it is cut short" : "it begins otherwise")}");
        }
    }

    // Links may lead back up: a file of few bytes can hold a tree without an end.
    private bool Walk(IH5Group group, string prefix, int depth)
    {
        foreach (var child in group.Children())
        {
            if (depth > MaxDepth || ++_objects > MaxObjects)
            {
                throw new InvalidDataException("its groups are nested without an end");
            }

            if (child is IH5Group inner)
            {
                Walk(inner, $"{prefix}{child.Name}/", depth + 1);
            }
            else if (child is IH5Dataset dataset && TypeOf(dataset.Type) is { } type)
            {
                Add(prefix + child.Name, dataset, type);
            }
        }

        return true;
    }

    private void Add(string name, IH5Dataset dataset, ScalarType type)
    {
        long[] shape = [.. dataset.Space.Dimensions.Select(length => checked((long)length))];
        name = name.EndsWith(Output, StringComparison.Ordinal) ? name[..^Output.Length] : name;
        _tensors.Add(new StoredTensor(name, type, shape, () => TensorBytes.Read(shape, type, buffer => Guarded(() =>
        {
            dataset.Read(buffer);
            return true;
        }))));
    }

    // Texts and the like are no tensors.
    private static ScalarType? TypeOf(IH5DataType type) => (type.Class, type.Size) switch
    {
        (H5DataTypeClass.FloatingPoint, 2) => ScalarType.Float16,
        (H5DataTypeClass.FloatingPoint, 4) => ScalarType.Float32,
        (H5DataTypeClass.FloatingPoint, 8) => ScalarType.Float64,
        (H5DataTypeClass.FixedPoint, 4) => ScalarType.Int32,
        (H5DataTypeClass.FixedPoint, 8) => ScalarType.Int64,
        _ => null,
    };

    // The library throws exceptions of every kind at damaged files.
    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not (FileNotFoundException or UnauthorizedAccessException or OutOfMemoryException))
        {
            throw new InvalidDataException($"{_path} is no sound HDF5 file: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }
}
