using Microsoft.ML;

using MLNetCnn.MicrosoftML.Views;
using MLNetCnn.Training;

namespace MLNetCnn.MicrosoftML;

/// <summary>
/// <see cref="ImageClassificationTrainer"/> as an estimator of ML.NET's: what ML.NET's own trainer takes and gives, with all that
/// this one can do more. It takes a column of encoded images, as <c>LoadRawImageBytes</c> gives them, and a key column of labels.
/// </summary>
public sealed class ImageClassificationEstimator : IEstimator<ImageClassificationModel>
{
    private readonly ImageClassificationTrainer.Options _options;
    private readonly IDataView? _validationSet;

    internal ImageClassificationEstimator(ImageClassificationTrainer.Options options, IDataView? validationSet)
    {
        options.Validate();
        (_options, _validationSet) = (options, validationSet);
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The options and the images do not go together.</exception>
    /// <exception cref="MLNetCnn.Data.DatasetException">None of the images can be read, the weights cannot be had, or the cache cannot be written.</exception>
    /// <exception cref="InvalidOperationException">A column is missing or unsuited.</exception>
    public ImageClassificationModel Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var options = _validationSet is null ? _options : _options with { ValidationSet = View(_validationSet) };
        var trainer = new Pipelines.MLContext(_options.Seed).MulticlassClassification.Trainers.ImageClassification(options);
        var columns = new ImageClassificationColumns(_options.FeatureColumnName, _options.ScoreColumnName, _options.PredictedLabelColumnName);
        return new ImageClassificationModel(trainer.Fit(View(input)), columns);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A column is missing or unsuited.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var label = Find(inputSchema, _options.LabelColumnName);
        if (!label.IsKey)
        {
            throw new InvalidOperationException($"the label column '{label.Name}' must be a key: map it with MapValueToKey before");
        }

        var image = Find(inputSchema, _options.FeatureColumnName);
        if (image.Kind == SchemaShape.Column.VectorKind.Scalar || image.ItemType.RawType != typeof(byte))
        {
            throw new InvalidOperationException($"the column '{image.Name}' must hold encoded images: load them with LoadRawImageBytes before");
        }

        return OutputShape.Add(inputSchema, _options.ScoreColumnName, _options.PredictedLabelColumnName);
    }

    private ImageView View(IDataView view) => new(view, new ImageColumns(view.Schema, _options.FeatureColumnName, _options.LabelColumnName));

    private static SchemaShape.Column Find(SchemaShape shape, string name) => shape.Any(column => column.Name == name)
        ? shape.Last(column => column.Name == name)
        : throw new InvalidOperationException(
            $"image classification needs a column '{name}'; the columns are {string.Join(", ", shape.Select(column => $"'{column.Name}'"))}");
}
