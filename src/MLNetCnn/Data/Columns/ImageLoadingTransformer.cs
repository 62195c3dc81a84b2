using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Imaging;

[assembly: Loadable<ImageLoadingTransformer>]

namespace MLNetCnn.Data;

/// <summary>Reads the image files that a text column names: decoded, or their bytes as they are. An empty name gives the missing value.</summary>
public sealed class ImageLoadingTransformer : RowToRowTransformer, ILoadable<ImageLoadingTransformer>
{
    internal ImageLoadingTransformer(string outputColumnName, string inputColumnName, string? imageFolder, bool raw)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        (OutputColumnName, InputColumnName, ImageFolder, Raw) = (outputColumnName, inputColumnName, imageFolder ?? "", raw);
        Type = raw ? new VectorDataViewType(NumberDataViewType.Byte) : new ImageDataViewType();
    }

    /// <inheritdoc/>
    public static string Kind => "LoadImages";

    /// <summary>The column of images, or bytes.</summary>
    public string OutputColumnName { get; }

    /// <summary>The column of file names.</summary>
    public string InputColumnName { get; }

    /// <summary>The folder that relative names start from; empty: the current folder.</summary>
    public string ImageFolder { get; }

    /// <summary>Whether the files' bytes are given as they are.</summary>
    public bool Raw { get; }

    internal DataViewType Type { get; }

    /// <inheritdoc/>
    public static ImageLoadingTransformer Load(JsonObject parameters) => new(
        parameters.Required<string>("output"), parameters.Required<string>("input"), parameters.Required<string>("folder"), parameters.Required<bool>("raw"));

    /// <inheritdoc/>
    public JsonObject SaveParameters() => new() { ["output"] = OutputColumnName, ["input"] = InputColumnName, ["folder"] = ImageFolder, ["raw"] = Raw };

    /// <inheritdoc/>
    protected override IEnumerable<OutputColumn> MapColumns(DataViewSchema inputSchema)
    {
        var input = inputSchema[InputColumnName];
        if (input.Type is not TextDataViewType)
        {
            throw new InvalidOperationException($"images are loaded from a column of file names, but '{InputColumnName}' is {input.Type}");
        }

        return OutputColumn.All(inputSchema).Append(Raw
            ? OutputColumn.Computed<VBuffer<byte>>(OutputColumnName, Type, [input], context =>
            {
                var path = Path(context, input);
                return (ref VBuffer<byte> value) => VBuffer.Fill<byte>(path() is { } file ? File.ReadAllBytes(file) : [], ref value);
            })
            : OutputColumn.Computed<MLImage>(OutputColumnName, Type, [input], context =>
            {
                var path = Path(context, input);
                return (ref MLImage value) => value = path() is { } file ? MLImage.CreateFromFile(file) : null!;
            }));
    }

    private Func<string?> Path(MappingContext context, DataViewSchema.Column input)
    {
        var getter = context.Input.GetGetter<ReadOnlyMemory<char>>(input);
        var name = default(ReadOnlyMemory<char>);
        return () =>
        {
            getter(ref name);
            return name.IsEmpty ? null : System.IO.Path.Combine(ImageFolder, name.ToString());
        };
    }
}

/// <summary>Estimator of an <see cref="ImageLoadingTransformer"/>.</summary>
public sealed class ImageLoadingEstimator : TrivialEstimator<ImageLoadingTransformer>
{
    internal ImageLoadingEstimator(string outputColumnName, string? imageFolder, string? inputColumnName, bool raw)
        : base(new(outputColumnName, inputColumnName ?? outputColumnName, imageFolder, raw))
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        ColumnShapes.Replace(inputSchema, Transformer.InputColumnName, Transformer.OutputColumnName, Transformer.Type, input => input.ItemType is TextDataViewType, "file names");
}
