using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Imaging;

[assembly: Loadable<ImageResizingTransformer>]

namespace MLNetCnn.Data;

/// <summary>Brings images to one size.</summary>
public sealed class ImageResizingTransformer : RowToRowTransformer, ILoadable<ImageResizingTransformer>
{
    internal ImageResizingTransformer(string outputColumnName, string inputColumnName, int imageWidth, int imageHeight, ResizingKind resizing)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        (OutputColumnName, InputColumnName, Resizing) = (outputColumnName, inputColumnName, resizing);
        Type = new ImageDataViewType(imageHeight, imageWidth);
    }

    /// <inheritdoc/>
    public static string Kind => "ResizeImages";

    /// <summary>The column of resized images.</summary>
    public string OutputColumnName { get; }

    /// <summary>The column of images.</summary>
    public string InputColumnName { get; }

    /// <summary>What happens to another aspect ratio.</summary>
    public ResizingKind Resizing { get; }

    internal ImageDataViewType Type { get; }

    /// <inheritdoc/>
    public static ImageResizingTransformer Load(JsonObject parameters) => new(
        parameters.Required<string>("output"), parameters.Required<string>("input"), parameters.Required<int>("width"), parameters.Required<int>("height"),
        Enum.TryParse<ResizingKind>(parameters.Required<string>("resizing"), out var resizing)
            ? resizing
            : throw new InvalidDataException($"the saved resizing '{parameters["resizing"]}' is unknown: the model is damaged or of another version"));

    /// <inheritdoc/>
    public JsonObject SaveParameters() => new()
    {
        ["output"] = OutputColumnName,
        ["input"] = InputColumnName,
        ["width"] = Type.Width,
        ["height"] = Type.Height,
        ["resizing"] = Resizing.ToString(),
    };

    /// <inheritdoc/>
    protected override IEnumerable<OutputColumn> MapColumns(DataViewSchema inputSchema)
    {
        var input = ImageDataViewType.Require(inputSchema, InputColumnName, Kind);
        return OutputColumn.All(inputSchema).Append(OutputColumn.Computed<MLImage>(OutputColumnName, Type, [input], context =>
        {
            var getter = context.Input.GetGetter<MLImage>(input);
            return (ref MLImage value) =>
            {
                getter(ref value);
                value = value?.Resize(Type.Height, Type.Width, Resizing)!;
            };
        }));
    }
}

/// <summary>Estimator of an <see cref="ImageResizingTransformer"/>.</summary>
public sealed class ImageResizingEstimator : TrivialEstimator<ImageResizingTransformer>
{
    internal ImageResizingEstimator(string outputColumnName, int imageWidth, int imageHeight, string? inputColumnName, ResizingKind resizing)
        : base(new(outputColumnName, inputColumnName ?? outputColumnName, imageWidth, imageHeight, resizing))
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        ColumnShapes.Replace(inputSchema, Transformer.InputColumnName, Transformer.OutputColumnName, Transformer.Type, input => input.ItemType is ImageDataViewType, "images");
}
