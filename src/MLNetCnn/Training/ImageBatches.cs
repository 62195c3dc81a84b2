using MLNetCnn.Augmentation;
using MLNetCnn.Data;
using MLNetCnn.Inference;

namespace MLNetCnn.Training;

/// <summary>A batch on the device.</summary>
/// <param name="Images"><c>[N, C, H, W]</c>.</param>
/// <param name="Labels">The class of every image, or the likeliest where images are mixed: <c>[N]</c>.</param>
/// <param name="Targets">What a loss compares with: <paramref name="Labels"/>, or probabilities <c>[N, classes]</c> where images are mixed.</param>
internal readonly record struct LabelledBatch(Tensor Images, Tensor Labels, Tensor Targets);

/// <summary>
/// Turns the cached images of one split into batches that a network takes: gathered, augmented where asked for, scaled and normalised
/// in one native pass.
/// </summary>
internal sealed class ImageBatches : IDisposable
{
    private readonly Tensor _images;
    private readonly Tensor _rows;
    private readonly Tensor _labels;
    private readonly Tensor _mean;
    private readonly Tensor _deviation;
    private readonly torch.Device _device;
    private readonly bool _channelsLast;
    private readonly BatchAugmenter? _augmenter;
    private long _epochSeed;

    public ImageBatches(ImageSet set, ImagePreprocessing preprocessing, torch.Device device, bool channelsLast, AugmentationSettings? augmentation = null)
    {
        using var scope = NewDisposeScope();
        (_device, _channelsLast) = (device, channelsLast);
        _augmenter = augmentation is null ? null : new BatchAugmenter(set, augmentation, preprocessing);
        Count = _augmenter?.Count ?? set.Count;
        _images = from_blob(set.Pointer, [set.StoredCount, set.Height, set.Width, set.Channels], ScalarType.Byte, set).MoveToOuterDisposeScope();
        _rows = Int64([.. set.Indices]).MoveToOuterDisposeScope();
        _labels = Int64(set.Labels).MoveToOuterDisposeScope();
        _mean = tensor<float>([.. preprocessing.Mean]).MoveToOuterDisposeScope();
        _deviation = tensor<float>([.. preprocessing.StandardDeviation]).MoveToOuterDisposeScope();
    }

    /// <summary>The number of images in an epoch.</summary>
    public int Count { get; }

    /// <summary>Begins an epoch of the training: the images in random order, as places in [0, Count), int64 <c>[Count]</c>.</summary>
    /// <param name="seed">The epoch's own seed, of its order and its augmentation.</param>
    public Tensor BeginEpoch(long seed)
    {
        _epochSeed = seed;
        var places = Places();
        new SeededRandom(seed).Shuffle<long>(places);
        return tensor<long>(places);
    }

    /// <summary>The images in their own order: places in [0, Count), int64 <c>[Count]</c>.</summary>
    public Tensor InOrder() => tensor<long>(Places());

    /// <summary>The images at <paramref name="order"/>'s places from <paramref name="start"/>.</summary>
    public LabelledBatch Take(Tensor order, int start, int count)
    {
        var places = order.narrow(0, start, count);
        if (_augmenter is null)
        {
            var images = image_batch(_images, _rows.index_select(0, places), _mean, _deviation, _channelsLast);
            var labels = _labels.index_select(0, places).to(_device);
            return new LabelledBatch(images.to(_device), labels, labels);
        }

        var batch = _augmenter.Take(places, _epochSeed, _channelsLast);
        return new LabelledBatch(batch.Images.to(_device), batch.Labels.to(_device), batch.Targets.to(_device));
    }

    public void Dispose()
    {
        _images.Dispose();
        _rows.Dispose();
        _labels.Dispose();
        _mean.Dispose();
        _deviation.Dispose();
    }

    private static Tensor Int64(ReadOnlySpan<int> values) => tensor<int>(values).to(ScalarType.Int64);

    private long[] Places() => [.. Enumerable.Range(0, Count).Select(place => (long)place)];
}
