using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.Transfer;

/// <summary>What a frozen part makes of images, computed batch by batch: where a cache could not hold it, as with endless augmentation.</summary>
/// <param name="images">The images; owned.</param>
/// <param name="frozen">The frozen part.</param>
internal sealed class FrozenBatches(IBatches images, Func<Tensor, Tensor> frozen) : IBatches
{
    public int Count => images.Count;

    public void Prepare() => images.Prepare();

    public Tensor BeginEpoch(long seed) => images.BeginEpoch(seed);

    public Tensor InOrder() => images.InOrder();

    public LabelledBatch Take(Tensor order, int start, int count)
    {
        var batch = images.Take(order, start, count);
        return batch with { Images = frozen(batch.Images).to(ScalarType.Float32) };
    }

    public void Dispose() => images.Dispose();
}

/// <summary>What a frozen part made of images, out of the cache. Each epoch takes the next of the views that were made of them.</summary>
internal sealed class CachedBatches : IBatches
{
    private readonly Lazy<IReadOnlyList<ActivationRows>> _views;
    private readonly Tensor _rows;
    private readonly Tensor _labels;
    private readonly torch.Device _device;
    private int _view;

    /// <param name="images">The images.</param>
    /// <param name="views">Makes their rows, once for each view, when they are needed first; owned.</param>
    /// <param name="device">Where the batches go.</param>
    public CachedBatches(ImageSet images, Func<IReadOnlyList<ActivationRows>> views, torch.Device device)
    {
        using var scope = NewDisposeScope();
        (_views, _device, Count) = (new(views), device, images.Count);
        _rows = tensor<int>([.. images.Indices]).to(ScalarType.Int64).MoveToOuterDisposeScope();
        _labels = tensor<int>(images.Labels).to(ScalarType.Int64).MoveToOuterDisposeScope();
    }

    public int Count { get; }

    public void Prepare() => _ = _views.Value;

    // The seed decides the view: a resumed training takes the one that the killed one would have taken.
    public Tensor BeginEpoch(long seed)
    {
        var views = _views.Value.Count;
        _view = (int)(((seed % views) + views) % views);
        return EpochOrder.Shuffled(Count, seed);
    }

    public Tensor InOrder() => EpochOrder.InOrder(Count);

    public LabelledBatch Take(Tensor order, int start, int count)
    {
        var places = order.narrow(0, start, count);
        var labels = Devices.Move(_labels.index_select(0, places), _device);
        return new LabelledBatch(_views.Value[_view].Take(_rows.index_select(0, places), _device), labels, labels);
    }

    public void Dispose()
    {
        foreach (var view in _views.IsValueCreated ? _views.Value : [])
        {
            view.Dispose();
        }

        _rows.Dispose();
        _labels.Dispose();
    }
}
