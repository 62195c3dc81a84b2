using Microsoft.ML;
using Microsoft.ML.Data;

using MLNetCnn.Inference;
using MLNetCnn.MicrosoftML.Views;
using MLNetCnn.Training;

namespace MLNetCnn.MicrosoftML;

/// <summary>
/// A trained image classifier as a transformer of ML.NET's: it adds <c>Score</c>, one probability per class with the classes as slot
/// names, and <c>PredictedLabel</c>, a key with the classes as key values. Thread-safe but for <see cref="Dispose"/>.
/// </summary>
public sealed class ImageClassificationModel : ITransformer, IDisposable
{
    private readonly ImageClassificationTransformer _transformer;
    private readonly ImageClassificationColumns _columns;

    internal ImageClassificationModel(ImageClassificationTransformer transformer, ImageClassificationColumns columns) =>
        (_transformer, _columns) = (transformer, columns);

    /// <summary>The model that predicts.</summary>
    public ImageModel Model => _transformer.Model;

    /// <summary>The course of the training; empty for a model that was loaded.</summary>
    public TrainingHistory History => _transformer.History;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>
    /// Writes the model .zip, whole or not at all: for <see cref="ImageClassificationCatalog.LoadImageClassification"/>, for services
    /// and for the command.
    /// </summary>
    /// <param name="filePath">Where to; a file that is there is replaced.</param>
    public void Save(string filePath) => _transformer.Save(filePath);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The column of images is missing or unsuited.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Schema(inputSchema).Output;
    }

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new PredictedView(input, Schema(input.Schema), _transformer);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The column of images is missing or unsuited.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new PredictedRowMapper(Schema(inputSchema), _transformer);
    }

    /// <summary>Releases the network's memory; no prediction may be running.</summary>
    public void Dispose() => _transformer.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException(
        "ML.NET's model files take only ML.NET's own steps: write the classifier with ImageClassificationModel.Save(filePath), the steps before "
        + "and after it with mlContext.Model.Save, and load it with mlContext.Model.LoadImageClassification");

    private PredictedSchema Schema(DataViewSchema inputSchema) => new(inputSchema, _transformer, _columns);
}
