using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

using MLNetCnn.Architectures;
using MLNetCnn.Augmentation;
using MLNetCnn.Data;
using MLNetCnn.Inference;
using MLNetCnn.Transfer;

namespace MLNetCnn.Training;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>
    /// The settings of a training. Members that ML.NET's <c>ImageClassificationTrainer.Options</c> has keep their names, meaning and
    /// default numbers, but for three: <see cref="Arch"/> is a name, as there are more than an enumeration would hold, and by default ResNet-50's
    /// first version; the rate's schedule is <see cref="Schedule"/>, by default none; and features are cached without being asked for.
    /// The rest is new. Immutable: vary one with <c>with</c>.
    /// </summary>
    public sealed partial record Options
    {
        /// <summary>
        /// Settings to fine-tune pretrained weights with, in part or whole, which keep what these know: 10 epochs in batches of 32, AdamW (weight
        /// decay 0.01) at a learning rate that falls from 1e-4 to 0 along a cosine, in bfloat16 where the device computes with it, to the last epoch. The defaults of a
        /// new <see cref="Options"/>, ML.NET's, are for a head alone: at their rate a backbone unlearns what it knew.
        /// </summary>
        /// <param name="mode"><see cref="FineTuning.Partial"/> or <see cref="FineTuning.Full"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException">Another mode: a head or a new network learns at larger rates.</exception>
        public static Options ForFineTuning(FineTuning mode) => new()
        {
            FineTuning = mode is Training.FineTuning.Partial or Training.FineTuning.Full
                ? mode
                : throw new ArgumentOutOfRangeException(nameof(mode), mode, "give Partial or Full: frozen backbones and new networks learn at larger rates"),
            BatchSize = 32,
            Epoch = 10,
            LearningRate = 1e-4,
            Schedule = LearningRateSchedule.Cosine,
            Optimizer = new() { Kind = OptimizerKind.AdamW, WeightDecay = 0.01 },
            Precision = Precision.BFloat16,
            EarlyStoppingCriteria = null,
        };

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
        /// <value><c>resnet-50</c>.</value>
        public string Arch { get; init; } = "resnet-50";

        /// <summary>The architecture's own settings, such as <c>dropout</c>; null for its defaults.</summary>
        public ArchitectureSettings? ArchSettings { get; init; }

        /// <summary>Which part of the network training may change; null for <see cref="FineTuning.Frozen"/> where the architecture has pretrained weights of its own, as ML.NET's trainer does, and <see cref="FineTuning.Scratch"/> elsewhere.</summary>
        public FineTuning? FineTuning { get; init; }

        /// <summary>
        /// A model .zip to go on from, on new images or for other classes; null to begin anew. Network, head and preprocessing are the
        /// model's; what it has learnt of a class goes to the class of the same name.
        /// </summary>
        public string? InitialModel { get; init; }

        /// <summary>How pretrained weights are used; null for the defaults. Of no effect with <see cref="FineTuning.Scratch"/>.</summary>
        public TransferSettings? Transfer { get; init; }

        /// <summary>Images per optimizer step, 1 or more.</summary>
        /// <value>10.</value>
        public int BatchSize { get; init; } = 10;

        /// <summary>The most passes over the training images, 1 or more; 0 evaluates a pretrained backbone with an untrained head.</summary>
        /// <value>200.</value>
        public int Epoch { get; init; } = 200;

        /// <summary>The learning rate that the schedule starts from, above 0.</summary>
        /// <value>0.01.</value>
        public double LearningRate { get; init; } = 0.01;

        /// <summary>Whether a sweep over learning rates chooses one in the place of <see cref="LearningRate"/> (Smith 2017).</summary>
        /// <value>false.</value>
        public bool FindLearningRate { get; init; }

        /// <summary>How the learning rate moves over the planned epochs.</summary>
        /// <value><see cref="LearningRateSchedule.Constant"/>.</value>
        public LearningRateSchedule Schedule { get; init; }

        /// <summary>How many epochs, and parts of one, the learning rate takes to rise from 0, 0 or more (Goyal et al. 2017).</summary>
        /// <value>0.</value>
        public double WarmUpEpoch { get; init; }

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

        /// <summary>How much an image counts in the training loss, by its class.</summary>
        /// <value><see cref="ClassWeights.Equal"/>.</value>
        public ClassWeights ClassWeights { get; init; }

        /// <summary>In how many parts a batch is computed, 1 or more: the gradients of the parts are summed, so that memory holds one part only.</summary>
        /// <value>1.</value>
        public int GradientAccumulation { get; init; } = 1;

        /// <summary>The largest norm that the gradients of all parameters together may have, above 0; longer ones are shortened (Pascanu et al. 2013). Null for any.</summary>
        public double? GradientClipping { get; init; }

        /// <summary>The decay of a moving average of the weights, in (0, 1), such as 0.999, which is validated and kept instead of them (Polyak and Juditsky 1992); null for none.</summary>
        public double? WeightAverage { get; init; }

        /// <summary>
        /// On how many training images the statistics of the BatchNorm layers under training are measured after each epoch, before the
        /// validation, in whole batches, 2 or more (Wu and Johnson 2021); 1000 to 10 000 will do. Null for the running ones of the training's own batches,
        /// which lag behind where steps are few.
        /// </summary>
        public int? BatchNormImages { get; init; }

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

        /// <summary>The arithmetic of training. <see cref="Precision.BFloat16"/> applies where the device computes with it.</summary>
        /// <value><see cref="Precision.Float32"/>.</value>
        public Precision Precision { get; init; }

        /// <summary>The device: <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c> for a GPU where there is one.</summary>
        /// <value><c>auto</c>.</value>
        public string Device { get; init; } = "auto";

        /// <summary>The height that images are resized to, in pixels; null for what pretrained weights were made for, or, without such, to keep theirs (all must agree).</summary>
        public int? ImageHeight { get; init; }

        /// <summary>The width that images are resized to, in pixels; null as for the height.</summary>
        public int? ImageWidth { get; init; }

        /// <summary>Between how many copies of a small network each batch is shared, at least 1, which its results depend on in the last digits; null for one on each thread.</summary>
        internal int? Replicas { get; init; }

        /// <summary>Both, or null where one of them is left open.</summary>
        internal (int Height, int Width)? ImageSize => this is { ImageHeight: { } height, ImageWidth: { } width } ? (height, width) : null;

        /// <summary>The seed of initial weights, shuffling, augmentation, dropout and splits.</summary>
        /// <value>0.</value>
        public int Seed { get; init; }

        /// <summary>A folder for checkpoints, so that a killed training goes on where it was; null for none. The last one stays in it.</summary>
        [JsonIgnore]
        public string? WorkspacePath { get; init; }

        /// <summary>Where weights are looked for, and where caches are.</summary>
        /// <value>The default cache and no mirror.</value>
        [JsonIgnore]
        public SourceOptions Sources { get; init; } = new();

        /// <summary>Called after each epoch, first with the training figures, then with the validation ones.</summary>
        [JsonIgnore]
        public Action<ImageClassificationMetrics>? MetricsCallback { get; init; }

        /// <summary><see cref="FineTuning"/> as it applies.</summary>
        internal FineTuning Mode => FineTuning ?? (PretrainedBackbone.DefaultFor(Arch) is null ? Training.FineTuning.Scratch : Training.FineTuning.Frozen);

        /// <summary><see cref="Transfer"/> as it applies.</summary>
        internal TransferSettings TransferOrDefault => Transfer ?? new();

        /// <summary>The network, as a model .zip describes it.</summary>
        internal ModelArchitecture Describe() => new(Arch, ArchSettings?.ToJson() ?? [])
        {
            Head = Mode == Training.FineTuning.Scratch ? null : JsonSerializer.SerializeToNode(TransferOrDefault.Head, RecordJson.Options) as JsonObject,
        };

        /// <summary>These settings with all that depends on the device, the architecture and its weights filled in: what a record of a run shows.</summary>
        /// <exception cref="ConfigurationException">There are no such weights.</exception>
        public Options Applied() => Filled() with { Precision = Devices.Applied(Precision, Device) };

        private Options Filled()
        {
            if (InitialModel is { } path)
            {
                return Continued(new InitialModel(path));
            }

            if (Mode == Training.FineTuning.Scratch)
            {
                return this with { Arch = ArchitectureCatalog.Canonical(Arch), FineTuning = Training.FineTuning.Scratch, Transfer = null };
            }

            var weights = PretrainedBackbone.Find(this);
            return this with
            {
                Arch = ArchitectureCatalog.Canonical(Arch),
                FineTuning = Mode,
                ArchSettings = PretrainedBackbone.Settings(this),
                Transfer = TransferOrDefault with { Weights = TransferOrDefault.Weights ?? weights.Name },
                ImageHeight = ImageHeight ?? weights.Preprocessing.Size,
                ImageWidth = ImageWidth ?? weights.Preprocessing.Size,
            };
        }

        private Options Continued(InitialModel model)
        {
            var (metadata, mode) = (model.Metadata, FineTuning ?? (model.IsTransfer ? Training.FineTuning.Frozen : Training.FineTuning.Scratch));
            if (model.IsTransfer == (mode == Training.FineTuning.Scratch))
            {
                throw new ConfigurationException(model.IsTransfer
                    ? $"fineTuning is scratch, but {InitialModel} is a head on a pretrained backbone: give frozen, partial or full, or leave it out for frozen"
                    : $"fineTuning is {mode.ToString().ToLowerInvariant()}, but {InitialModel} was trained from scratch and has no backbone of its own: leave it out, and the whole network is trained on");
            }

            return this with
            {
                Arch = metadata.Architecture.Name,
                ArchSettings = new(metadata.Architecture.Settings),
                FineTuning = mode,
                Transfer = model.IsTransfer ? TransferOrDefault with { Head = model.Head } : null,
                ImageHeight = metadata.Preprocessing.Height,
                ImageWidth = metadata.Preprocessing.Width,
            };
        }
    }
}
