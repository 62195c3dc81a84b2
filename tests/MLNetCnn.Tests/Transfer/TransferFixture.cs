using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Testing;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.Tests.Transfer;

/// <summary>A small ResNet-18 in the place of downloaded weights, and a little of the real Fashion-MNIST to transfer it to.</summary>
public sealed class TransferFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TransferFixture()
    {
        var (rest, held) = StratifiedSplit.Split(Dataset.Train.Labels, 0.2, seed: 0);
        (Train, Validation) = (Dataset.Train.Subset(rest), Dataset.Train.Subset(held));
        Weights = _folder["resnet.safetensors"];
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        manual_seed(3);
        using var backbone = ArchitectureCatalog.CreateBackbone("resnet-18", Train.Shape, Settings);
        foreach (var (name, buffer) in backbone.named_buffers().Where(entry => entry.buffer.is_floating_point()))
        {
            buffer.uniform_(name.EndsWith("var", StringComparison.Ordinal) ? 0.5 : -0.2, name.EndsWith("var", StringComparison.Ordinal) ? 2 : 0.2);
        }

        Safetensors.Save(Weights, backbone.state_dict());
    }

    public ImageDataset Dataset { get; } = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 20, TestImagesPerClass = 5 });

    public ImageSet Train { get; }

    public ImageSet Validation { get; }

    internal static ArchitectureSettings Settings { get; } = new(new() { ["width"] = 8 });

    private string Weights { get; }

    /// <summary>Settings with a cache of their own.</summary>
    internal ImageClassificationTrainer.Options Options(TemporaryFolder cache, FineTuning mode) => new ImageClassificationTrainer.Options
    {
        Arch = "resnet-18",
        ArchSettings = Settings,
        FineTuning = mode,
        Transfer = new TransferSettings { Weights = Weights, HeadEpoch = 2, HeadLearningRate = 0.01, FrozenPrecision = Precision.Float32 },
        ImageHeight = 28,
        ImageWidth = 28,
        Epoch = 3,
        BatchSize = 40,
        LearningRate = 0.003,
        Optimizer = new OptimizerSettings { Kind = OptimizerKind.Adam },
        EarlyStoppingCriteria = null,
        Sources = new SourceOptions { CacheFolder = cache["cache"], Offline = true },
    }.Applied();

    internal TrainedNetwork Run(ImageClassificationTrainer.Options options, ITrainingMonitor? monitor = null, CancellationToken stop = default) =>
        NetworkTrainer.Train(options, Train, Validation, monitor ?? SilentMonitor.Instance, stop);

    /// <summary>All numbers of a network, by name.</summary>
    internal static Dictionary<string, float[]> Values(Module<Tensor, Tensor> network) =>
        network.state_dict().Where(entry => entry.Value.is_floating_point()).ToDictionary(entry => entry.Key, entry => entry.Value.ToArray<float>());

    public void Dispose()
    {
        Dataset.Dispose();
        _folder.Dispose();
    }
}

/// <summary>Counts the images that are run through frozen parts, and can stop in the middle.</summary>
internal sealed class PassCounter(CancellationTokenSource? stop = null) : ITrainingMonitor
{
    private long _last;

    public long Images { get; private set; }

    public void OnPreparation(string what, long done, long total)
    {
        if (!what.StartsWith(ActivationSource.Pass, StringComparison.Ordinal))
        {
            return;
        }

        Images += done > _last ? done - _last : done;
        _last = done == total ? 0 : done;
        stop?.Cancel();
    }

    public void OnBatch(int epoch, int images, int total)
    {
    }

    public void OnEpoch(EpochRecord record, int plannedEpochs)
    {
    }

    public void OnEvent(TrainingEvent trainingEvent)
    {
    }
}
