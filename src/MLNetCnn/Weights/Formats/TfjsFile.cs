using System.Globalization;
using System.Text.Json;

namespace MLNetCnn.Weights.Formats;

/// <summary>
/// A TensorFlow.js model: <c>model.json</c> and binary shards, the weights one after the other as if the shards were one file;
/// float32, or quantized to float16, uint8 or uint16. The format: https://github.com/tensorflow/tfjs, <c>io/types.ts</c>.
/// </summary>
internal sealed class TfjsFile : IWeightsFile
{
    private readonly string _path;
    private readonly List<ShardedBytes> _groups = [];

    /// <param name="path">The <c>model.json</c>.</param>
    /// <param name="shardPath">Where the shard lies that it calls so.</param>
    /// <exception cref="InvalidDataException">It is no sound model; the message says why.</exception>
    public TfjsFile(string path, Func<string, string> shardPath)
    {
        _path = path;
        try
        {
            using var model = JsonDocument.Parse(File.ReadAllBytes(path));
            Tensors = [.. model.RootElement.GetProperty("weightsManifest").EnumerateArray().SelectMany(group => Group(group, shardPath)).ToArray()];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            Dispose();
            throw new InvalidDataException($"{path} is no TensorFlow.js model: {error.Message.ReplaceLineEndings(" ")}", error);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public void Dispose() => _groups.ForEach(group => group.Dispose());

    private IEnumerable<StoredTensor> Group(JsonElement group, Func<string, string> shardPath)
    {
        var shards = new ShardedBytes([.. group.GetProperty("paths").EnumerateArray().Select(shard => shardPath(shard.GetString()!))]);
        _groups.Add(shards);
        var position = 0L;
        foreach (var weight in group.GetProperty("weights").EnumerateArray())
        {
            var encoding = Encoding.Parse(weight, _path);
            long[] shape = [.. weight.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64() is >= 0 and var whole ? whole : throw new FormatException("a length is below 0"))];
            var start = position;
            position += checked(TensorBytes.Count(shape) * torch.SizeOf(encoding.Stored));
            yield return new StoredTensor(weight.GetProperty("name").GetString()!, encoding.Type, shape, () =>
                encoding.Decode(TensorBytes.Read(shape, encoding.Stored, buffer => shards.Read(start, buffer.Span))));
        }

        if (position != shards.Length)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{_path} describes {position} bytes of weights, its shards hold {shards.Length}: one is cut short or from another model"));
        }
    }

    /// <summary>How a weight's elements are written; quantized ones are <c>number × scale + minimum</c>.</summary>
    private sealed record Encoding(ScalarType Type, ScalarType Stored, bool Unsigned16, double? Scale, double Minimum)
    {
        public static Encoding Parse(JsonElement weight, string path)
        {
            var type = Word(weight, "dtype") switch
            {
                "float32" => ScalarType.Float32,
                "int32" => ScalarType.Int32,
                "bool" => ScalarType.Bool,
                var other => throw new InvalidDataException($"{path}: '{weight.GetProperty("name")}' is of type {other}; float32, int32 and bool can be read"),
            };
            if (!weight.TryGetProperty("quantization", out var quantization))
            {
                return new(type, type, false, null, 0);
            }

            return Word(quantization, "dtype") switch
            {
                "float16" => new(type, ScalarType.Float16, false, null, 0),
                "uint8" => new(type, ScalarType.Byte, false, quantization.GetProperty("scale").GetDouble(), quantization.GetProperty("min").GetDouble()),
                "uint16" => new(type, ScalarType.Int16, true, quantization.GetProperty("scale").GetDouble(), quantization.GetProperty("min").GetDouble()),
                var other => throw new InvalidDataException($"{path}: '{weight.GetProperty("name")}' is quantized to {other}; float16, uint8 and uint16 can be read"),
            };
        }

        /// <summary>The weight from what is stored, in double precision before it is rounded, as TensorFlow.js computes.</summary>
        public Tensor Decode(Tensor stored)
        {
            if (Scale is not { } scale)
            {
                return stored.to(Type);
            }

            using var scope = NewDisposeScope();
            var numbers = stored.to(ScalarType.Float64);

            // libtorch knows no uint16: what reads as negative is 65536 too small.
            numbers = Unsigned16 ? numbers + (numbers.lt(0).to(ScalarType.Float64) * 65536) : numbers;
            numbers = (numbers * scale) + Minimum;
            return scope.MoveToOuter((Type == ScalarType.Int32 ? numbers.round() : numbers).to(Type));
        }

        private static string? Word(JsonElement element, string field) => element.GetProperty(field).GetString();
    }
}
