using MLNetCnn.Data;
using MLNetCnn.Inference;

namespace MLNetCnn.Training;

/// <summary>
/// Turns the cached images of one split into batches that a network takes: gathered, scaled and normalised in one native pass.
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

    public ImageBatches(ImageSet set, ImagePreprocessing preprocessing, torch.Device device, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        (Count, _device, _channelsLast) = (set.Count, device, channelsLast);
        _images = from_blob(set.Pointer, [set.StoredCount, set.Height, set.Width, set.Channels], ScalarType.Byte, set).MoveToOuterDisposeScope();
        _rows = Int64([.. set.Indices]).MoveToOuterDisposeScope();
        _labels = Int64(set.Labels).MoveToOuterDisposeScope();
        _mean = tensor<float>([.. preprocessing.Mean]).MoveToOuterDisposeScope();
        _deviation = tensor<float>([.. preprocessing.StandardDeviation]).MoveToOuterDisposeScope();
    }

    /// <summary>The number of images.</summary>
    public int Count { get; }

    /// <summary>The images in random order: places in [0, Count), int64 <c>[Count]</c>.</summary>
    public Tensor Shuffled(SeededRandom random)
    {
        var places = Places();
        random.Shuffle<long>(places);
        return tensor<long>(places);
    }

    /// <summary>The images in their own order: places in [0, Count), int64 <c>[Count]</c>.</summary>
    public Tensor InOrder() => tensor<long>(Places());

    /// <summary>The images <c>[count, C, H, W]</c> and labels <c>[count]</c> at <paramref name="order"/>'s places from <paramref name="start"/>.</summary>
    public (Tensor Images, Tensor Labels) Take(Tensor order, int start, int count)
    {
        var places = order.narrow(0, start, count);
        var images = image_batch(_images, _rows.index_select(0, places), _mean, _deviation, _channelsLast);
        return (images.to(_device), _labels.index_select(0, places).to(_device));
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
