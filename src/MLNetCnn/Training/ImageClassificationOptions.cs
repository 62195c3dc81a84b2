using System.Text.Json;
using System.Text.Json.Serialization;

using MLNetCnn.Architectures;
using MLNetCnn.Augmentation;

using static System.FormattableString;

namespace MLNetCnn.Training;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>
    /// The settings of a training. Members that ML.NET's <c>ImageClassificationTrainer.Options</c> has keep their names, meaning and
    /// defaults; the rest is new. Immutable: vary one with <c>with</c>.
    /// </summary>
    public sealed record Options
    {
        /// <summary>The column that holds the label, a key.</summary>
        /// <value><c>Label</c>.</value>
        [JsonIgnore]
        public string LabelColumnName { get; init; } = "Label";

        /// <summary>The column that holds the image: encoded bytes (<c>VBuffer&lt;byte&gt;</c>) or an <c>MLImage</c>.</summary>
        /// <value><c>Image</c>.</value>
        [JsonIgnore]
        public string FeatureColumnName { get; init; } = "Image";

        /// <summary>The column to give the scores to: one probability per class, with the classes as slot names.</summary>
        /// <value><c>Score</c>.</value>
        [JsonIgnore]
        public string ScoreColumnName { get; init; } = "Score";

        /// <summary>The column to give the predicted label to, a key.</summary>
        /// <value><c>PredictedLabel</c>.</value>
        [JsonIgnore]
        public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

        /// <summary>The architecture's name in <see cref="ArchitectureCatalog"/>.</summary>
        /// <value><c>resnet-18</c>.</value>
        public string Arch { get; init; } = "resnet-18";

        /// <summary>The architecture's own settings, such as <c>dropout</c>; null for its defaults.</summary>
        public ArchitectureSettings? ArchSettings { get; init; }

        /// <summary>Which part of the network training may change.</summary>
        /// <value><see cref="FineTuning.Scratch"/>.</value>
        public FineTuning FineTuning { get; init; } = FineTuning.Scratch;

        /// <summary>Images per optimizer step, 1 or more.</summary>
        /// <value>10.</value>
        public int BatchSize { get; init; } = 10;

        /// <summary>The most passes over the training images, 1 or more.</summary>
        /// <value>200.</value>
        public int Epoch { get; init; } = 200;

        /// <summary>The learning rate that the schedule starts from, above 0.</summary>
        /// <value>0.01.</value>
        public double LearningRate { get; init; } = 0.01;

        /// <summary>How the learning rate moves over the planned epochs.</summary>
        /// <value><see cref="LearningRateSchedule.Constant"/>.</value>
        public LearningRateSchedule Schedule { get; init; }

        /// <summary>Lowers the learning rate on a plateau; null for never.</summary>
        public ReduceOnPlateau? ReduceOnPlateau { get; init; }

        /// <summary>When to stop early; null for never.</summary>
        /// <value>The defaults of <see cref="EarlyStopping"/>.</value>
        public EarlyStopping? EarlyStoppingCriteria { get; init; } = new();

        /// <summary>The optimizer.</summary>
        /// <value>SGD without momentum, as ML.NET's trainer has it.</value>
        public OptimizerSettings Optimizer { get; init; } = new() { Kind = OptimizerKind.Sgd };

        /// <summary>What training minimises.</summary>
        /// <value><see cref="LossKind.CrossEntropy"/>.</value>
        public LossKind Loss { get; init; }

        /// <summary>How much of the target probability is spread over all classes, in [0, 1) (Szegedy et al. 2016).</summary>
        /// <value>0.</value>
        public double LabelSmoothing { get; init; }

        /// <summary>How training images are changed at random; null for not at all.</summary>
        public AugmentationSettings? Augmentation { get; init; }

        /// <summary>Images to validate on; null to hold out <see cref="ValidationSetFraction"/> of the training images.</summary>
        [JsonIgnore]
        public IDataView? ValidationSet { get; init; }

        /// <summary>The share of the training images held out, class by class, where <see cref="ValidationSet"/> is null; in [0, 1).</summary>
        /// <value>0.1.</value>
        public double ValidationSetFraction { get; init; } = 0.1;

        /// <summary>Whether the model gets the weights of its best validation epoch (the last one's otherwise).</summary>
        /// <value>true.</value>
        public bool RestoreBestWeights { get; init; } = true;

        /// <summary>The arithmetic of training.</summary>
        /// <value><see cref="Precision.Float32"/>.</value>
        public Precision Precision { get; init; }

        /// <summary>The device: <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c> for a GPU where there is one.</summary>
        /// <value><c>auto</c>.</value>
        public string Device { get; init; } = "auto";

        /// <summary>The height that images are resized to, in pixels; null to keep theirs (all must agree).</summary>
        public int? ImageHeight { get; init; }

        /// <summary>The width that images are resized to, in pixels; null to keep theirs (all must agree).</summary>
        public int? ImageWidth { get; init; }

        /// <summary>The seed of initial weights, shuffling, augmentation, dropout and splits.</summary>
        /// <value>0.</value>
        public int Seed { get; init; }

        /// <summary>A folder for checkpoints, so that a killed training goes on where it was; null for none.</summary>
        [JsonIgnore]
        public string? WorkspacePath { get; init; }

        /// <summary>Called after each epoch, first with the training figures, then with the validation ones.</summary>
        [JsonIgnore]
        public Action<ImageClassificationMetrics>? MetricsCallback { get; init; }

        /// <summary>Checks every setting, the architecture's own among them.</summary>
        /// <exception cref="ConfigurationException">Names all settings that are out of their ranges.</exception>
        public void Validate() => ConfigurationException.ThrowIfAny(Problems());

        /// <summary>What is wrong with the settings, one sentence each.</summary>
        /// <param name="images">The images to train on, where they are known.</param>
        /// <param name="nameOf">How the reader calls a setting (<c>--batch-size</c> for <c>batchSize</c>); null for its name in JSON.</param>
        public IEnumerable<string> Problems(ImageShape? images = null, Func<string, string>? nameOf = null)
        {
            nameOf ??= name => name;
            foreach (var problem in ArchitectureCatalog.Problems(Arch, Resized(images), classes: null, ArchSettings))
            {
                yield return problem;
            }

            if (FineTuning != FineTuning.Scratch)
            {
                yield return $"{nameOf("fineTuning")} is {Word(FineTuning)}, but there are no pretrained weights for {Arch}: use {Word(FineTuning.Scratch)}";
            }

            if (Devices.Problem(Device, nameOf("device")) is { } unknown)
            {
                yield return unknown;
            }

            if (BatchSize < 1)
            {
                yield return $"{nameOf("batchSize")} is {BatchSize}: give 1 or more images";
            }

            if (Epoch < 1)
            {
                yield return $"{nameOf("epoch")} is {Epoch}: give 1 or more";
            }

            if (!(LearningRate > 0) || !double.IsFinite(LearningRate))
            {
                yield return Invariant($"{nameOf("learningRate")} is {LearningRate}: give a value above 0, such as 0.01");
            }

            if (LabelSmoothing is not (>= 0 and < 1))
            {
                yield return Invariant($"{nameOf("labelSmoothing")} is {LabelSmoothing}: give a value in [0, 1)");
            }

            if (Loss != LossKind.CrossEntropy && (LabelSmoothing > 0 || Augmentation?.Transforms?.Any(transform => transform is { MixesImages: true }) == true))
            {
                yield return $"{nameOf("loss")} is {Word(Loss)}, which takes plain labels: leave out {nameOf("labelSmoothing")}, MixUp and CutMix, or use {Word(LossKind.CrossEntropy)}";
            }

            if (ValidationSetFraction is not (>= 0 and < 1))
            {
                yield return Invariant($"{nameOf("validationSetFraction")} is {ValidationSetFraction}: give a value in [0, 1), such as 0.1");
            }

            if (ImageHeight is < 1 || ImageWidth is < 1)
            {
                yield return $"{nameOf("imageHeight")} x {nameOf("imageWidth")} is {ImageHeight}x{ImageWidth}: give 1 or more pixels each way";
            }

            if (Schedule != LearningRateSchedule.Constant && ReduceOnPlateau is not null)
            {
                yield return $"{nameOf("schedule")} {Word(Schedule)} and {nameOf("reduceOnPlateau")} both move the learning rate: choose one";
            }

            foreach (var problem in (EarlyStoppingCriteria?.Problems() ?? []).Concat(Optimizer.Problems()).Concat(ReduceOnPlateau?.Problems() ?? []).Concat(Augmentation?.Problems() ?? []))
            {
                yield return problem;
            }
        }

        private ImageShape? Resized(ImageShape? images) => (images, ImageHeight, ImageWidth) switch
        {
            ({ } shape, _, _) => shape with { Height = ImageHeight ?? shape.Height, Width = ImageWidth ?? shape.Width },
            (null, { } height, { } width) => new ImageShape(Channels: 3, height, width),
            _ => null,
        };

        private static string Word<T>(T value)
            where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
    }
}
