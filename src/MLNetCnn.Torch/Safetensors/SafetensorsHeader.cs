using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using static MLNetCnn.Torch.torch;

namespace MLNetCnn.Torch;

/// <summary>A tensor as a safetensors header describes it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="DType">The type of its elements.</param>
/// <param name="Shape">The length of each dimension.</param>
/// <param name="Begin">Where its bytes begin, counted from the end of the header.</param>
/// <param name="End">Where its bytes end.</param>
public sealed record SafetensorsEntry(string Name, ScalarType DType, IReadOnlyList<long> Shape, long Begin, long End);

/// <summary>The header of a safetensors file, checked: types known, sizes right, bytes covered without gap or overlap.</summary>
/// <param name="Entries">The tensors in the order of their bytes.</param>
/// <param name="Metadata">Texts that belong to the file.</param>
public sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    private const int MaxBytes = 100_000_000;
    private const int MaxDimensions = 32;

    private static readonly (string Name, ScalarType Type, int Bytes)[] Types =
    [
        ("F64", ScalarType.Float64, 8), ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>The bytes of all tensors.</summary>
    public long DataBytes => Entries.Count == 0 ? 0 : Entries[^1].End;

    /// <summary>Lays out <paramref name="tensors"/> one after the other, by name.</summary>
    internal static SafetensorsHeader Of(IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var entries = new List<SafetensorsEntry>();
        var position = 0L;
        foreach (var (name, tensor) in tensors)
        {
            var type = tensor.dtype;
            var end = position + (tensor.numel() * Types.First(known => known.Type == type).Bytes);
            entries.Add(new(name, type, tensor.shape, position, end));
            position = end;
        }

        return new(entries, metadata ?? new Dictionary<string, string>());
    }

    /// <summary>The header as it stands in a file, its length first, padded so that the data start at a multiple of 8.</summary>
    internal byte[] ToBytes()
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (Metadata.Count > 0)
            {
                writer.WriteStartObject("__metadata__");
                foreach (var (key, value) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            foreach (var entry in Entries)
            {
                writer.WriteStartObject(entry.Name);
                writer.WriteString("dtype", Types.First(known => known.Type == entry.DType).Name);
                writer.WritePropertyName("shape");
                JsonSerializer.Serialize(writer, entry.Shape);
                writer.WritePropertyName("data_offsets");
                JsonSerializer.Serialize(writer, new[] { entry.Begin, entry.End });
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        var length = (int)(json.Length + 7) / 8 * 8;
        var bytes = new byte[8 + length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        bytes.AsSpan(8).Fill((byte)' ');
        json.GetBuffer().AsSpan(0, (int)json.Length).CopyTo(bytes.AsSpan(8));
        return bytes;
    }

    /// <summary>Reads and checks the header at the start of <paramref name="stream"/>.</summary>
    /// <param name="stream">A safetensors file, at its start.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <param name="length">The bytes that the stream holds, where that is known; the header must account for each of them.</param>
    /// <exception cref="InvalidDataException">It is no sound safetensors header; the message says why.</exception>
    public static SafetensorsHeader Read(Stream stream, string source, long? length = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            Span<byte> prefix = stackalloc byte[8];
            stream.ReadExactly(prefix);
            var size = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            Require(size <= MaxBytes, $"its header claims {size} bytes, more than the {MaxBytes} allowed");
            Require(length is null || size <= (ulong)(length - 8), $"its header claims {size} bytes, more than the file holds");
            var json = new byte[(int)size];
            stream.ReadExactly(json);
            var header = Parse(json);
            Require(length is null || length == 8 + (long)size + header.DataBytes, $"its header describes {header.DataBytes} bytes of tensors, but {length - 8 - (long)size} follow");
            return header;
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"{source} is not a safetensors file: it ends within its header");
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new InvalidDataException($"{source} is not a safetensors file: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    private static SafetensorsHeader Parse(byte[] json)
    {
        Require(json.Length > 0 && json[0] == '{', "its header is not a JSON object");
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<SafetensorsEntry>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.NameEquals("__metadata__"))
            {
                foreach (var text in property.Value.EnumerateObject())
                {
                    metadata.Add(text.Name, text.Value.ValueKind == JsonValueKind.String ? text.Value.GetString()! : throw new FormatException($"its metadata '{Shorten(text.Name)}' is not a text"));
                }
            }
            else
            {
                entries.Add(ParseEntry(property.Name, property.Value));
            }
        }

        entries.Sort((one, other) => (one.Begin, one.End).CompareTo((other.Begin, other.End)));
        var position = 0L;
        foreach (var entry in entries)
        {
            Require(entry.Begin == position, string.Create(CultureInfo.InvariantCulture, $"tensor '{Shorten(entry.Name)}' begins at byte {entry.Begin} where {position} was due: tensors overlap or leave a gap"));
            position = entry.End;
        }

        return new(entries, metadata);
    }

    private static SafetensorsEntry ParseEntry(string name, JsonElement value)
    {
        var label = Shorten(name);
        Require(value.ValueKind == JsonValueKind.Object, $"tensor '{label}' is not described by an object");
        var dtype = Field("dtype", JsonValueKind.String).GetString()!;
        long[] shape = [.. Field("shape", JsonValueKind.Array).EnumerateArray().Select(Whole)];
        long[] offsets = [.. Field("data_offsets", JsonValueKind.Array).EnumerateArray().Select(Whole)];
        var (_, type, bytes) = Types.FirstOrDefault(known => known.Name == dtype);
        Require(bytes > 0, $"tensor '{label}' has the unknown dtype '{Shorten(dtype)}'; known are {string.Join(", ", Types.Select(known => known.Name))}");
        Require(shape.Length <= MaxDimensions, $"tensor '{label}' has {shape.Length} dimensions, more than the {MaxDimensions} allowed");
        Require(offsets.Length == 2 && offsets[0] <= offsets[1], $"tensor '{label}' has data_offsets that are no pair of ascending numbers");
        var size = shape.Aggregate((long)bytes, (product, dimension) => checked(product * dimension));
        Require(size == offsets[1] - offsets[0], $"tensor '{label}' of {dtype} [{string.Join(", ", shape)}] takes {size} bytes, but its data_offsets span {offsets[1] - offsets[0]}");
        return new(name, type, shape, offsets[0], offsets[1]);

        JsonElement Field(string field, JsonValueKind kind) =>
            value.TryGetProperty(field, out var found) && found.ValueKind == kind ? found : throw new FormatException($"tensor '{label}' has no {field}, or one of the wrong kind");

        long Whole(JsonElement number) =>
            number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var whole) && whole >= 0 ? whole : throw new FormatException($"tensor '{label}' has a shape or data_offsets that are no whole numbers of at least 0");
    }

    // Names come from the file: an error shows their beginning, on one line.
    private static string Shorten(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name.AsSpan(0, Math.Min(name.Length, 80)))
        {
            text.Append(char.IsControl(letter) ? '?' : letter);
        }

        return text.Append(name.Length > 80 ? "…" : "").ToString();
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new FormatException(problem);
        }
    }
}
