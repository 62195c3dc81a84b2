using MLNetCnn.Architectures;
using MLNetCnn.Imaging;
using MLNetCnn.Inference;

namespace MLNetCnn.Weights;

/// <summary>A pretrained network with its own head: it names what its weights were trained to name, such as the classes of ImageNet.</summary>
public sealed class PretrainedClassifier : IDisposable
{
    private readonly Module<Tensor, Tensor> _network;
    private readonly ImagePreprocessing _preprocessing;
    private readonly IReadOnlyList<string> _labels;

    /// <summary>Builds the network and loads the weights.</summary>
    /// <param name="weights">The weights; their manifest names the classes.</param>
    /// <exception cref="ConfigurationException">The classes are not known, or the weights do not fit; all problems at once.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message says why.</exception>
    public PretrainedClassifier(PretrainedWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var manifest = weights.Manifest;
        _labels = manifest.Labels.Count > 0 ? manifest.Labels : throw new ConfigurationException($"the manifest of {manifest.Name} names no classes: they are for training a head of your own ('train … --weights {manifest.Name}'), or its manifest lacks 'labels'");
        var input = new ImageShape(Channels: 3, manifest.Preprocessing.Size, manifest.Preprocessing.Size);
        _preprocessing = manifest.Preprocessing.For(input);
        _network = ArchitectureCatalog.Create(manifest.Architecture, input, _labels.Count, manifest.Settings);
        try
        {
            weights.Load(_network);
        }
        catch
        {
            _network.Dispose();
            throw;
        }

        _network.eval();
    }

    /// <summary>The likeliest classes of an image, the likeliest first.</summary>
    /// <param name="image">The image, of any size: it is brought to the size of the weights' own, and what stands out is cut off.</param>
    /// <param name="count">How many; at least 1.</param>
    public IReadOnlyList<LabelProbability> Predict(MLImage image, int count = 5)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var (probabilities, labels) = Logits(image).softmax(1).topk(Math.Min(count, _labels.Count));
        return [.. labels.ToArray<long>().Zip(probabilities.ToArray<float>(), (label, probability) => new LabelProbability(_labels[(int)label], probability))];
    }

    /// <summary>Its last layer.</summary>
    internal ClassifierLayer Output()
    {
        var output = _network.modules().OfType<Linear>().Last();
        return new(output.weight.data<float>().ToArray(), output.bias!.data<float>().ToArray());
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    /// <summary>The network's answer to an image, <c>[1, classes]</c>.</summary>
    internal Tensor Logits(MLImage image)
    {
        using var scope = NewDisposeScope();
        var pixels = image.ToFormat(MLPixelFormat.Rgb24).Resize(_preprocessing.Height, _preprocessing.Width, ResizingKind.IsoCrop).Pixels;
        var batch = image_batch(
            tensor(pixels, [1, _preprocessing.Height, _preprocessing.Width, _preprocessing.Channels]), zeros(1, ScalarType.Int64),
            tensor<float>([.. _preprocessing.Mean]), tensor<float>([.. _preprocessing.StandardDeviation]), channelsLast: true);
        return scope.MoveToOuter(_network.call(batch));
    }
}

/// <summary>The last layer of a classifier.</summary>
/// <param name="Weights">Row-major <c>[classes, features]</c>.</param>
/// <param name="Biases"><c>[classes]</c>.</param>
internal sealed record ClassifierLayer(float[] Weights, float[] Biases)
{
    /// <summary>The number of features that it takes.</summary>
    public int Features => Weights.Length / Biases.Length;
}
