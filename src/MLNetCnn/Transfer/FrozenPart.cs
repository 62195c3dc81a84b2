using MLNetCnn.Architectures;
using MLNetCnn.Export;

namespace MLNetCnn.Transfer;

/// <summary>
/// The blocks of a backbone that are not trained, made as fast as they go: BatchNorm folded into the convolutions, channels last,
/// and bfloat16 where the processor has it. Gives what the last of them gives, or pooled features after all of them.
/// </summary>
internal sealed class FrozenPart : IDisposable
{
    private readonly Backbone _copy;
    private readonly int _end;
    private readonly Sequential? _pool;
    private readonly ScalarType _arithmetic;
    private readonly torch.Device _device;

    /// <param name="source">The backbone; it is copied.</param>
    /// <param name="blank">Makes a backbone of the same form.</param>
    /// <param name="end">The block after the last.</param>
    /// <param name="pooling">What is made of the features after all blocks; null to leave them.</param>
    /// <param name="images">The size of the images.</param>
    /// <param name="arithmetic">bfloat16 or float32.</param>
    /// <param name="device">Where it runs.</param>
    public FrozenPart(
        Backbone source, Func<Backbone> blank, int end, FeaturePooling? pooling, ImageShape images, ScalarType arithmetic, torch.Device device)
    {
        (_end, _arithmetic, _device) = (end, arithmetic, device);
        _pool = pooling is { } chosen ? ClassifierHead.PoolOf(chosen) : null;
        _copy = blank();
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        _copy.load_state_dict(source.state_dict());
        _copy.requires_grad_(false);
        _copy.eval();
        using var part = new BackbonePart(_copy, 0, end);
        BatchNormFolding.Apply(part, zeros([1, images.Channels, images.Height, images.Width]));
        _copy.to(arithmetic, device, torch.memory_format.channels_last);
        var output = Run(zeros([1, images.Channels, images.Height, images.Width], device: device));
        OutputShape = output.shape[1..];
        OutputType = output.dtype;
    }

    /// <summary>What it gives for one image: <c>[C, h, w]</c>, or <c>[features]</c> where it pools.</summary>
    public IReadOnlyList<long> OutputShape { get; }

    /// <summary>The type of what it gives: its arithmetic's, float32 where it pools.</summary>
    public ScalarType OutputType { get; }

    /// <summary>Runs images <c>[N, C, H, W]</c> through, without gradients.</summary>
    public Tensor Run(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var features = _copy.Features(images.to(_arithmetic, _device, torch.memory_format.channels_last), 0, _end);
        return scope.MoveToOuter(_pool is null ? features : _pool.call(features.to(ScalarType.Float32)));
    }

    public void Dispose()
    {
        _pool?.Dispose();
        _copy.Dispose();
    }
}
