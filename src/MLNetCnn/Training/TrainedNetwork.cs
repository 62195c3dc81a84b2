using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Export;
using MLNetCnn.Inference;

namespace MLNetCnn.Training;

/// <summary>A trained network with all that is needed to evaluate and export it.</summary>
internal sealed class TrainedNetwork(
    Module<Tensor, Tensor> network,
    NetworkEvaluator evaluator,
    Func<ImageSet, IBatches> batches,
    ImageClassificationTrainer.Options options,
    IReadOnlyList<string> labels,
    ImagePreprocessing preprocessing,
    Func<IReadOnlyList<LayerSummary>> layers,
    TrainingHistory history,
    torch.Device device,
    IDisposable? parts = null) : IDisposable
{
    /// <summary>The network, on <see cref="Device"/>.</summary>
    public Module<Tensor, Tensor> Network { get; } = network;

    /// <summary>The settings it was trained with.</summary>
    public ImageClassificationTrainer.Options Options { get; } = options;

    /// <summary>The classes, in the order of the scores.</summary>
    public IReadOnlyList<string> Labels { get; } = labels;

    /// <summary>What happens to an image before the network sees it.</summary>
    public ImagePreprocessing Preprocessing { get; } = preprocessing;

    /// <summary>The network layer by layer.</summary>
    public IReadOnlyList<LayerSummary> Layers => field ??= layers();

    /// <summary>The course of the training.</summary>
    public TrainingHistory History { get; } = history;

    /// <summary>The weights that it began with, and their checksum; null where it began from scratch.</summary>
    public string? Weights { get; init; }

    /// <summary>Where the network is.</summary>
    public torch.Device Device { get; } = device;

    /// <summary>The probabilities of every image, in the split's order: row-major <c>[N, classes]</c>.</summary>
    public float[] Probabilities(ImageSet images)
    {
        using var evaluated = batches(images);
        return evaluator.Probabilities(evaluated);
    }

    /// <summary>The network as a model .zip in memory, its logits divided by a temperature.</summary>
    public ModelPackage ToPackage(IReadOnlyDictionary<string, double> metrics, ModelProvenance provenance, double temperature = 1)
    {
        using var scope = NewDisposeScope();
        using var weights = new MemoryStream();
        Safetensors.Write(weights, Network.state_dict());
        var metadata = new ModelMetadata
        {
            Labels = Labels,
            Architecture = Options.Describe(),
            Preprocessing = Preprocessing,
            Temperature = temperature,
            Metrics = metrics,
            Provenance = provenance,
        };
        return new ModelPackage(metadata, OnnxExporter.Export(Network, Preprocessing, Labels, temperature), weights.ToArray());
    }

    public void Dispose()
    {
        parts?.Dispose();
        Network.Dispose();
    }
}
