using System.Text.Json.Nodes;

using MLNetCnn.Data;
using MLNetCnn.Inference;

namespace MLNetCnn.Training;

/// <summary>The columns that an image classifier reads and writes.</summary>
/// <param name="Feature">The images: <see cref="ImageDataViewType"/>, or encoded bytes.</param>
/// <param name="Score">One probability per class, the classes as slot names.</param>
/// <param name="PredictedLabel">The most probable class, a key with the classes as key values.</param>
public sealed record ImageClassificationColumns(string Feature = "Image", string Score = "Score", string PredictedLabel = "PredictedLabel");

/// <summary>
/// A trained image classifier as a step of a pipeline. It predicts with the very graph that its model .zip holds, through ONNX
/// Runtime; libtorch is no longer needed.
/// </summary>
public sealed class ImageClassificationTransformer : RowToRowTransformer, ICanSaveModel, IDisposable
{
    private readonly ImageClassificationColumns _columns;

    internal ImageClassificationTransformer(ModelPackage package, ImageClassificationColumns columns, TrainingHistory? history = null)
    {
        (Package, _columns) = (package, columns);
        using var stream = new MemoryStream();
        package.Write(stream);
        stream.Position = 0;
        Model = ImageModel.Load(stream);
        History = history ?? TrainingHistory.Empty;
    }

    /// <summary>The name of this step in saved models.</summary>
    public static string Kind => "ImageClassification";

    /// <inheritdoc/>
    public string SavedKind => Kind;

    /// <summary>The model that predicts.</summary>
    public ImageModel Model { get; }

    /// <summary>The course of the training; empty for a model that was loaded.</summary>
    public TrainingHistory History { get; }

    internal ModelPackage Package { get; }

    /// <inheritdoc/>
    public JsonObject SaveParameters() => new()
    {
        ["feature"] = _columns.Feature,
        ["score"] = _columns.Score,
        ["predictedLabel"] = _columns.PredictedLabel,
    };

    /// <summary>Loads the classifier of a model .zip; what else its pipeline had is left out.</summary>
    /// <param name="filePath">The file.</param>
    /// <param name="columns">The columns to read and to write; null for their defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">The file is no such model, or damaged.</exception>
    public static ImageClassificationTransformer Load(string filePath, ImageClassificationColumns? columns = null) =>
        new(ModelPackage.Read(filePath), columns ?? new ImageClassificationColumns());

    /// <summary>Writes the model .zip, whole or not at all: for <see cref="Load(string, ImageClassificationColumns?)"/>, services and the command.</summary>
    /// <param name="filePath">Where to; a file that is there is replaced.</param>
    public void Save(string filePath) => Package.Save(filePath);

    /// <summary>Releases the network's memory; no prediction may be running.</summary>
    public void Dispose() => Model.Dispose();

    internal static ImageClassificationTransformer Load(ModelPackage package, JsonObject parameters) => new(package, new ImageClassificationColumns(
        parameters.Required<string>("feature"), parameters.Required<string>("score"), parameters.Required<string>("predictedLabel")));

    /// <inheritdoc/>
    protected override IEnumerable<OutputColumn> MapColumns(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var feature = inputSchema[_columns.Feature];
        var labels = Model.Labels;
        ImageColumn.Check(feature);
        return
        [
            .. OutputColumn.All(inputSchema),
            OutputColumn.Computed<VBuffer<float>>(
                _columns.Score,
                new VectorDataViewType(NumberDataViewType.Single, labels.Count),
                [feature],
                context =>
                {
                    var predictions = Predictions(context, feature);
                    return (ref VBuffer<float> value) => value = new VBuffer<float>(labels.Count, [.. predictions.Current().Score]);
                },
                AnnotationUtils.SlotNames(labels)),
            OutputColumn.Computed<uint>(
                _columns.PredictedLabel,
                new KeyDataViewType(typeof(uint), labels.Count),
                [feature],
                context =>
                {
                    var predictions = Predictions(context, feature);
                    return (ref uint value) => value = (uint)predictions.Current().LabelIndex + 1;
                },
                AnnotationUtils.KeyValues(labels)),
        ];
    }

    private RowPredictions Predictions(MappingContext context, DataViewSchema.Column feature) =>
        context.Shared(this, shared => new RowPredictions(Model, shared, feature));
}
