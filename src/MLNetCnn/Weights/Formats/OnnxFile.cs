using System.Runtime.InteropServices;

using Google.Protobuf;

using Onnx;

namespace MLNetCnn.Weights.Formats;

/// <summary>The constants of an ONNX graph (its initializers), float32 or int64. The graph itself is not looked at, and nothing is run.</summary>
internal sealed class OnnxFile : IWeightsFile
{
    /// <exception cref="InvalidDataException">It is no sound ONNX model; the message says why.</exception>
    public OnnxFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            Tensors = [.. ModelProto.Parser.ParseFrom(stream).Graph?.Initializer.Select(tensor => Stored(tensor, path)) ?? []];
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"{path} is no ONNX model: {error.Message.ReplaceLineEndings(" ")}", error);
        }

        if (Tensors.Count == 0)
        {
            throw new InvalidDataException($"{path} holds no tensors: it is no ONNX model, or one whose weights lie elsewhere");
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static StoredTensor Stored(TensorProto tensor, string path)
    {
        var type = (TensorProto.Types.DataType)tensor.DataType switch
        {
            TensorProto.Types.DataType.Float => ScalarType.Float32,
            TensorProto.Types.DataType.Int64 => ScalarType.Int64,
            var other => throw new InvalidDataException($"{path}: '{tensor.Name}' is of type {other}; float32 and int64 can be read"),
        };
        long[] shape = [.. tensor.Dims];
        return new(tensor.Name, type, shape, () => TensorBytes.Read(shape, type, Fill));

        void Fill(Memory<byte> buffer)
        {
            // Either the bytes as they are or the numbers in a list of their type.
            var bytes = tensor.RawData.Length > 0 ? tensor.RawData.Span
                : type == ScalarType.Float32 ? MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray())
                : MemoryMarshal.AsBytes<long>(tensor.Int64Data.ToArray());
            if (bytes.Length != buffer.Length)
            {
                throw new InvalidDataException($"{path}: '{tensor.Name}' has {bytes.Length} bytes, its shape {buffer.Length}: the file is damaged, or keeps its weights elsewhere");
            }

            bytes.CopyTo(buffer.Span);
        }
    }
}
