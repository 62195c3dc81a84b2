using MLNetCnn.Data;
using MLNetCnn.Inference;
using MLNetCnn.Runs;

namespace MLNetCnn.Training;

/// <summary>
/// Trains an image classifier: ML.NET's <c>ImageClassificationTrainer</c> with its names, on libtorch. It takes a column of images
/// (<see cref="ImageDataViewType"/>, or encoded bytes as <c>LoadRawImageBytes</c> gives them) and a key column of labels, and gives
/// an <see cref="ImageClassificationTransformer"/>.
/// </summary>
public sealed partial class ImageClassificationTrainer : IEstimator<ImageClassificationTransformer>
{
    private readonly MLContext _context;
    private readonly Options _options;

    // Predicted labels are named in text, whatever the labels' own values are.
    private static readonly SchemaShape Names = new([new(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, isKey: false)]);

    internal ImageClassificationTrainer(MLContext context, Options options)
    {
        options.Validate();
        (_context, _options) = (context, options.Applied());
    }

    /// <inheritdoc/>
    /// <remarks>Images that cannot be read are left out, and named as warnings in the log and in the history.</remarks>
    /// <exception cref="ConfigurationException">The options and the images do not go together.</exception>
    /// <exception cref="DatasetException">None of the images can be read, the weights cannot be had, or the cache cannot be written.</exception>
    public ImageClassificationTransformer Fit(IDataView input)
    {
        using var images = ViewImages.Read(input, _options);
        using var validation = _options.ValidationSet is { } view ? ViewImages.Read(view, _options) : null;
        var (train, held) = validation is null ? NetworkTrainer.HoldOut(images.Set, _options) : (images.Set, validation.Set);
        var started = DateTimeOffset.UtcNow;
        var monitor = new ContextMonitor(_context);
        var warnings = images.LeftOut.Concat(validation?.LeftOut.Select(line => $"of the validation images, {line}") ?? [])
            .Select(line => new TrainingEvent(Epoch: 0, TrainingEventKind.Warning, line)).ToList();
        warnings.ForEach(monitor.OnEvent);
        using var trained = NetworkTrainer.Train(_options, train, held, monitor, CancellationToken.None);
        var package = trained.ToPackage(
            ValidationMetrics(trained.History),
            new ModelProvenance
            {
                CreatedAt = started,
                Seed = _options.Seed,
                Dataset = input.GetType().Name,
                DatasetFingerprint = train.Fingerprint,
                Commit = Environments.Commit,
                Libraries = Environments.Libraries(),
            });
        return new ImageClassificationTransformer(
            package, new ImageClassificationColumns(_options.FeatureColumnName, _options.ScoreColumnName, _options.PredictedLabelColumnName),
            trained.History with { Events = [.. warnings, .. trained.History.Events] });
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var label = inputSchema.Require(_options.LabelColumnName, ImageClassificationTransformer.Kind);
        inputSchema.Require(_options.FeatureColumnName, ImageClassificationTransformer.Kind);
        return label.IsKey
            ? inputSchema
                .With(new SchemaShape.Column(_options.ScoreColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false))
                .With(new SchemaShape.Column(_options.PredictedLabelColumnName, SchemaShape.Column.VectorKind.Scalar, label.ItemType, isKey: true, Names))
            : throw new InvalidOperationException($"the label column '{label.Name}' must be a key: map it with MapValueToKey before");
    }

    private static Dictionary<string, double> ValidationMetrics(TrainingHistory history) =>
        history.Epochs.FirstOrDefault(epoch => epoch.Epoch == history.BestEpoch) is { ValidationAccuracy: { } accuracy, ValidationLoss: { } loss }
            ? new() { ["validation.microAccuracy"] = accuracy, ["validation.logLoss"] = loss }
            : [];

    /// <summary>Tells the context's log what happens.</summary>
    private sealed class ContextMonitor(MLContext context) : ITrainingMonitor
    {
        public void OnBatch(int epoch, int images, int total)
        {
        }

        public void OnEpoch(EpochRecord record, int plannedEpochs) => context.Write(
            ChannelMessageKind.Info,
            nameof(ImageClassificationTrainer),
            FormattableString.Invariant($"epoch {record.Epoch}/{plannedEpochs}: loss {record.TrainLoss:0.0000}, accuracy {record.TrainAccuracy:0.0000}, validation accuracy {record.ValidationAccuracy:0.0000}"));

        public void OnEvent(TrainingEvent trainingEvent) => context.Write(
            trainingEvent.Kind is TrainingEventKind.Warning or TrainingEventKind.Diverged ? ChannelMessageKind.Warning : ChannelMessageKind.Info,
            nameof(ImageClassificationTrainer),
            trainingEvent.Detail);
    }
}
