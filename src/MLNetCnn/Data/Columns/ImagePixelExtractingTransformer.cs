using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Imaging;

[assembly: Loadable<ImagePixelExtractingTransformer>]

namespace MLNetCnn.Data;

/// <summary>
/// Turns images of one size into vectors, of <c>(pixel − offset) × scale</c> or of bytes: <c>[colors, height, width]</c>, or
/// <c>[height, width, colors]</c> where colours are interleaved. Grey images give the same value for each colour; a missing
/// image gives zeros.
/// </summary>
public sealed class ImagePixelExtractingTransformer : RowToRowTransformer, ILoadable<ImagePixelExtractingTransformer>
{
    private readonly string _colors;

    internal ImagePixelExtractingTransformer(string outputColumnName, string inputColumnName, string colors, bool interleave, float offset, float scale, bool asFloats)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(colors);
        (OutputColumnName, InputColumnName, _colors) = (outputColumnName, inputColumnName, colors);
        (InterleavePixelColors, OffsetImage, ScaleImage, OutputAsFloatArray) = (interleave, offset, scale, asFloats);
    }

    /// <inheritdoc/>
    public static string Kind => "ExtractPixels";

    /// <summary>The column of vectors.</summary>
    public string OutputColumnName { get; }

    /// <summary>The column of images.</summary>
    public string InputColumnName { get; }

    /// <summary>Whether the colours of a pixel stand together.</summary>
    public bool InterleavePixelColors { get; }

    /// <summary>Subtracted from every pixel.</summary>
    public float OffsetImage { get; }

    /// <summary>What every pixel is multiplied by after that.</summary>
    public float ScaleImage { get; }

    /// <summary>Whether the vectors hold floats; else bytes, without offset and scale.</summary>
    public bool OutputAsFloatArray { get; }

    internal NumberDataViewType ItemType => OutputAsFloatArray ? NumberDataViewType.Single : NumberDataViewType.Byte;

    /// <inheritdoc/>
    public static ImagePixelExtractingTransformer Load(JsonObject parameters) => new(
        parameters.Required<string>("output"), parameters.Required<string>("input"), parameters.Required<string>("colors"), parameters.Required<bool>("interleave"),
        parameters.Required<float>("offset"), parameters.Required<float>("scale"), parameters.Required<bool>("floats"));

    /// <inheritdoc/>
    public JsonObject SaveParameters() => new()
    {
        ["output"] = OutputColumnName,
        ["input"] = InputColumnName,
        ["colors"] = _colors,
        ["interleave"] = InterleavePixelColors,
        ["offset"] = OffsetImage,
        ["scale"] = ScaleImage,
        ["floats"] = OutputAsFloatArray,
    };

    /// <inheritdoc/>
    protected override IEnumerable<OutputColumn> MapColumns(DataViewSchema inputSchema)
    {
        var input = ImageDataViewType.Require(inputSchema, InputColumnName, Kind);
        if (input.Type is not ImageDataViewType { IsKnownSize: true } image)
        {
            throw new InvalidOperationException($"{Kind} needs images of one size, but those of column '{InputColumnName}' vary: put ResizeImages before it");
        }

        var dimensions = InterleavePixelColors ? new[] { image.Height, image.Width, _colors.Length } : [_colors.Length, image.Height, image.Width];
        var type = new VectorDataViewType(ItemType, dimensions);
        return OutputColumn.All(inputSchema).Append(OutputAsFloatArray
            ? OutputColumn.Computed<VBuffer<float>>(OutputColumnName, type, [input], context => Getter(context, input, type.Size, pixel => (pixel - OffsetImage) * ScaleImage))
            : OutputColumn.Computed<VBuffer<byte>>(OutputColumnName, type, [input], context => Getter(context, input, type.Size, pixel => pixel)));
    }

    private ValueGetter<VBuffer<T>> Getter<T>(MappingContext context, DataViewSchema.Column input, int size, Func<byte, T> convert)
        where T : unmanaged
    {
        var getter = context.Input.GetGetter<MLImage>(input);
        var converted = Enumerable.Range(0, 256).Select(pixel => convert((byte)pixel)).ToArray();
        MLImage image = null!;
        return (ref VBuffer<T> value) =>
        {
            getter(ref image);
            var editor = VBufferEditor.Create(ref value, size);
            if (image is null)
            {
                editor.Values.Clear();
            }
            else
            {
                Extract(image, converted, editor.Values);
            }

            value = editor.Commit();
        };
    }

    private void Extract<T>(MLImage image, T[] converted, Span<T> values)
    {
        var pixels = image.Pixels;
        var places = image.Height * image.Width;
        if (values.Length != places * _colors.Length)
        {
            throw new InvalidOperationException($"column '{InputColumnName}' holds an image of {image.Height} x {image.Width}, which its type does not allow: put ResizeImages before {Kind}");
        }

        for (var c = 0; c < _colors.Length; c++)
        {
            var channel = image.Channels == 1 ? 0 : "RGB".IndexOf(_colors[c], StringComparison.Ordinal);
            var (start, step) = InterleavePixelColors ? (c, _colors.Length) : (c * places, 1);
            for (var place = 0; place < places; place++)
            {
                values[start + (place * step)] = converted[pixels[(place * image.Channels) + channel]];
            }
        }
    }
}

/// <summary>Estimator of an <see cref="ImagePixelExtractingTransformer"/>.</summary>
public sealed class ImagePixelExtractingEstimator : TrivialEstimator<ImagePixelExtractingTransformer>
{
    internal ImagePixelExtractingEstimator(
        string outputColumnName, string? inputColumnName, ColorBits colors, ColorsOrder order, bool interleave, float offset, float scale, bool asFloats)
        : base(new(outputColumnName, inputColumnName ?? outputColumnName, Names(colors, order), interleave, offset, scale, asFloats))
    {
    }

    /// <summary>Colours to take out of an image.</summary>
    [Flags]
    public enum ColorBits
    {
        /// <summary>None; an image column needs at least one.</summary>
        None = 0,

        /// <summary>Red, or grey.</summary>
        Red = 2,

        /// <summary>Green, or grey.</summary>
        Green = 4,

        /// <summary>Blue, or grey.</summary>
        Blue = 8,

        /// <summary>All three.</summary>
        Rgb = Red | Green | Blue,
    }

    /// <summary>The order of the colours; images have no alpha (A), its place is passed over.</summary>
    public enum ColorsOrder
    {
        /// <summary>Red, green, blue.</summary>
        ARGB = 1,

        /// <summary>Red, blue, green.</summary>
        ARBG = 2,

        /// <summary>Blue, red, green.</summary>
        ABRG = 3,

        /// <summary>Blue, green, red.</summary>
        ABGR = 4,

        /// <summary>Green, red, blue.</summary>
        AGRB = 5,

        /// <summary>Green, blue, red.</summary>
        AGBR = 6,
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => ColumnShapes.Replace(
        inputSchema, Transformer.InputColumnName, Transformer.OutputColumnName, new VectorDataViewType(Transformer.ItemType, 1), input => input.ItemType is ImageDataViewType, "images");

    private static string Names(ColorBits colors, ColorsOrder order)
    {
        var chosen = order.ToString().Where(name => name switch
        {
            'R' => colors.HasFlag(ColorBits.Red),
            'G' => colors.HasFlag(ColorBits.Green),
            'B' => colors.HasFlag(ColorBits.Blue),
            _ => false,
        });
        return string.Concat(chosen) is { Length: > 0 } names ? names : throw new ArgumentException("no colour is extracted: name at least one", nameof(colors));
    }
}
