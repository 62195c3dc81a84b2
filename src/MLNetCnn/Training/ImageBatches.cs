using MLNetCnn.Augmentation;
using MLNetCnn.Data;
using MLNetCnn.Inference;

namespace MLNetCnn.Training;

/// <summary>
/// Turns the cached images of one split into batches that a network takes: gathered, augmented where asked for, scaled and normalised
/// in one native pass.
/// </summary>
internal sealed class ImageBatches : IBatches
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

    public int Count { get; }

    public Tensor BeginEpoch(long seed)
    {
        _epochSeed = seed;
        return EpochOrder.Shuffled(Count, seed);
    }

    public Tensor InOrder() => EpochOrder.InOrder(Count);

    public LabelledBatch Take(Tensor order, int start, int count)
    {
        var places = order.narrow(0, start, count);
        if (_augmenter is null)
        {
            var images = image_batch(_images, _rows.index_select(0, places), _mean, _deviation, _channelsLast);
            var labels = Devices.Move(_labels.index_select(0, places), _device);
            return new LabelledBatch(Devices.Move(images, _device), labels, labels);
        }

        var batch = _augmenter.Take(places, _epochSeed, _channelsLast);
        return new LabelledBatch(Devices.Move(batch.Images, _device), Devices.Move(batch.Labels, _device), Devices.Move(batch.Targets, _device));
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
}
