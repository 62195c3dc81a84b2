using MLNetCnn.Data;
using MLNetCnn.Inference;

namespace MLNetCnn.Training;

/// <summary>
/// Turns the cached images of one split into batches that a network takes: gathered, scaled and normalised in one native pass.
/// </summary>
internal sealed class ImageBatches : IDisposable
{
    private readonly Tensor _images;
    private readonly Tensor _labels;
    private readonly Tensor _rows;
    private readonly Tensor _mean;
    private readonly Tensor _deviation;
    private readonly bool _channelsLast;

    public ImageBatches(ImageSet set, ImagePreprocessing preprocessing, torch.Device device, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        _channelsLast = channelsLast;
        Count = set.Count;
        _images = from_blob(set.Pointer, [set.StoredCount, set.Height, set.Width, set.Channels], ScalarType.Byte, set).to(device);
        _labels = tensor(set.StoredLabels.Select(label => (long)label).ToArray()).to(device);
        _rows = tensor(set.Indices.Select(index => (long)index).ToArray()).to(device);
        _mean = tensor(preprocessing.Mean.ToArray()).to(device);
        _deviation = tensor(preprocessing.StandardDeviation.ToArray()).to(device);
        scope.Detach(_images, _labels, _rows, _mean, _deviation);
    }

    /// <summary>The number of images.</summary>
    public int Count { get; }

    /// <summary>The images in an order of <paramref name="generator"/>'s: their places, int64 <c>[Count]</c>.</summary>
    public Tensor Shuffled(torch.Generator generator)
    {
        using var order = randperm(Count, generator: generator);
        using var onDevice = order.to(_rows.device);
        return _rows.index_select(0, onDevice);
    }

    /// <summary>The images in their own order: their places, int64 <c>[Count]</c>; it belongs to this object.</summary>
    public Tensor InOrder => _rows;

    /// <summary>The images <c>[count, C, H, W]</c> and labels <c>[count]</c> at <paramref name="order"/>'s rows from <paramref name="start"/>.</summary>
    public (Tensor Images, Tensor Labels) Take(Tensor order, int start, int count)
    {
        var rows = order.narrow(0, start, count);
        return (image_batch(_images, rows, _mean, _deviation, _channelsLast), _labels.index_select(0, rows));
    }

    public void Dispose()
    {
        _images.Dispose();
        _labels.Dispose();
        _rows.Dispose();
        _mean.Dispose();
        _deviation.Dispose();
    }
}
