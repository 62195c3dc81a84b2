using System.Text.Json;

using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Inference;
using MLNetCnn.Transfer;

namespace MLNetCnn.Training;

/// <summary>Builds and trains the network that a trainer's options describe, on images that are already in memory or mapped.</summary>
internal static class NetworkTrainer
{
    // Below this many multiply-adds per image, operations are too short to be worth sharing between threads.
    private const long ReplicaLimit = 20_000_000;

    // Numbers of the images of a batch that is evaluated: feature maps are some twenty times as large.
    private const int MostEvaluated = 10_000_000;

    /// <summary>Trains until done or <paramref name="stop"/>; the caller owns the result.</summary>
    /// <exception cref="ConfigurationException">The options and the images do not go together.</exception>
    public static TrainedNetwork Train(
        ImageClassificationTrainer.Options options,
        ImageSet train,
        ImageSet? validation,
        ITrainingMonitor monitor,
        CancellationToken stop,
        SharedBackbones? shared = null)
    {
        var shape = train.Shape;
        ConfigurationException.ThrowIfAny(options.Problems(shape).Concat(ImageProblems(options, train, validation)));
        if (options.Mode != FineTuning.Scratch)
        {
            return TransferTrainer.Train(options, train, validation, shared, monitor, stop);
        }

        var device = Devices.Resolve(options.Device);
        Module<Tensor, Tensor> Build() => ArchitectureCatalog.Create(options.Arch, shape, train.ClassNames.Count, options.ArchSettings);

        manual_seed(options.Seed);
        set_thread_generator(options.Seed);
        var network = Build();
        try
        {
            return TrainNew(network, Build, options, train, validation, device, monitor, stop);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static TrainedNetwork TrainNew(
        Module<Tensor, Tensor> network,
        Func<Module<Tensor, Tensor>> build,
        ImageClassificationTrainer.Options options,
        ImageSet train,
        ImageSet? validation,
        torch.Device device,
        ITrainingMonitor monitor,
        CancellationToken stop)
    {
        var shape = train.Shape;
        var preprocessing = ImagePreprocessing.ScaleOnly(train.Height, train.Width, train.Channels);
        var initial = options.InitialModel is { } path ? new InitialModel(path) : null;
        initial?.LoadInto(network, train.ClassNames);

        var layers = NetworkSummary.Of(network, shape);
        var replicas = Replicas(device, options, layers);
        network.to(dtype: null, device, memory_format: replicas == 1 ? torch.memory_format.channels_last : torch.memory_format.contiguous_format);
        using var classWeights = ClassWeighting.Of(options.ClassWeights, train, device);
        var evaluator = new NetworkEvaluator(network, train.ClassNames.Count, EvaluationBatch(shape), Losses.Of(options.Loss, labelSmoothing: 0), options.Precision);
        using var trainBatches = new ImageBatches(train, preprocessing, device, channelsLast: replicas == 1, options.Augmentation);
        using var validationBatches = validation is null ? null : new ImageBatches(validation, preprocessing, device, channelsLast: replicas == 1);
        var context = new StepContext(trainBatches, Losses.Of(options.Loss, options.LabelSmoothing, classWeights), options.Precision);
        using ITrainingStep step = replicas > 1
            ? new ReplicaStep(network, build, replicas, context)
            : new SingleStep(network, context, device);
        var checkpoint = Checkpoint(options, train, validation, weights: initial?.Key);
        var (found, sweep) = LearningRateFinder.Apply(options, network, step, trainBatches, TrainingPhase.Only(options), monitor, stop);
        using var loop = new TrainingLoop(network, step, trainBatches, validationBatches, evaluator, found, checkpoint, monitor, TrainingPhase.Only(found));
        var history = loop.Run(stop) with { LearningRateSweep = sweep };
        return new TrainedNetwork(network, evaluator, images => new ImageBatches(images, preprocessing, device, channelsLast: true), options, train.ClassNames, preprocessing, () => layers, history, device)
        {
            Weights = initial?.Source,
        };
    }

    /// <summary>Parts off the images to validate on, class by class; null where the options ask for none or too few are there.</summary>
    public static (ImageSet Train, ImageSet? Validation) HoldOut(ImageSet images, ImageClassificationTrainer.Options options)
    {
        var (rest, held) = StratifiedSplit.Split(images.Labels, options.ValidationSetFraction, options.Seed);
        return held.Length == 0 ? (images, null) : (images.Subset(rest), images.Subset(held));
    }

    /// <summary>What to train and to validate on: the dataset's own parts, or some of its training images held out where it has none to validate on.</summary>
    public static (ImageSet Train, ImageSet? Validation) HoldOut(ImageDataset dataset, ImageClassificationTrainer.Options options) =>
        dataset.Validation is { } validation ? (dataset.Train, validation) : HoldOut(dataset.Train, options);

    /// <summary>How many images to evaluate at once.</summary>
    public static int EvaluationBatch(ImageShape images) => Math.Clamp(MostEvaluated / images.Size, 1, 500);

    /// <summary>Where the checkpoints of a training go, or of one of its phases; null for nowhere. Those of other weights to begin with are of another training.</summary>
    public static CheckpointFolder? Checkpoint(ImageClassificationTrainer.Options options, ImageSet train, ImageSet? validation, string phase = "", string? weights = null) =>
        options.WorkspacePath is null ? null : new CheckpointFolder(
            Path.Combine(options.WorkspacePath, phase),
            $"{JsonSerializer.Serialize(options, RecordJson.Options)} {train.Fingerprint} {validation?.Fingerprint} {weights}".TrimEnd());

    private static int Replicas(torch.Device device, ImageClassificationTrainer.Options options, IReadOnlyList<LayerSummary> layers)
    {
        // A layer's parameters work once at every place of its output.
        var multiplyAdds = layers.Sum(layer => layer.Parameters * layer.OutputShape.Skip(1).Aggregate(1L, (a, b) => a * b));
        var batchNormalised = layers.Any(layer => layer.Type.StartsWith("BatchNorm", StringComparison.Ordinal));
        var small = device.type == DeviceType.CPU && !batchNormalised && multiplyAdds < ReplicaLimit;
        return small ? Math.Min(options.Replicas ?? get_num_threads(), options.BatchSize) : 1;
    }

    private static IEnumerable<string> ImageProblems(ImageClassificationTrainer.Options options, ImageSet train, ImageSet? validation)
    {
        if (train.Count == 0)
        {
            yield return "there are no training images: check the trimming and the validation share";
        }

        if (train.Count > 0 && train.Count < train.ClassNames.Count)
        {
            yield return $"there are {train.Count} training images for {train.ClassNames.Count} classes: give at least one of each, better 20 or more";
        }

        if (train.ClassNames.Count < 2)
        {
            yield return $"there is {train.ClassNames.Count} class: classification needs at least 2";
        }

        if (validation is not null && validation.Shape != train.Shape)
        {
            yield return $"validation images are {validation.Shape}, training images {train.Shape}: give both the same size";
        }

        if (validation is not null && !validation.ClassNames.SequenceEqual(train.ClassNames))
        {
            yield return $"validation images are of the classes {string.Join(", ", validation.ClassNames.Take(5))}, …, training images of {string.Join(", ", train.ClassNames.Take(5))}, …: both need the same, in one order (in ML.NET, map both by one fitted MapValueToKey)";
        }

        if ((options.ImageHeight ?? train.Height, options.ImageWidth ?? train.Width) != (train.Height, train.Width))
        {
            yield return $"images are {train.Shape}, but imageHeight x imageWidth is {options.ImageHeight}x{options.ImageWidth}: load the dataset at that size";
        }
    }
}
