using MLNetCnn.Architectures;

namespace MLNetCnn.Transfer;

/// <summary>
/// The blocks of a backbone that are not trained, made as fast as they go: optimized for inference, channels last, and in bfloat16
/// where the processor has it. Gives what the last of them gives, or pooled features after all of them.
/// </summary>
internal sealed class FrozenPart : IDisposable
{
    private readonly InferenceGraph _blocks;
    private readonly Sequential? _pool;
    private readonly ScalarType _arithmetic;
    private readonly torch.Device _device;

    /// <param name="source">The backbone; its weights are taken as they are now.</param>
    /// <param name="blocks">Its blocks.</param>
    /// <param name="pooling">What is made of the features after all blocks; null to leave them.</param>
    /// <param name="input">The shape of what the first block takes, for one image: <c>[C, h, w]</c>.</param>
    /// <param name="arithmetic">bfloat16 or float32.</param>
    /// <param name="device">Where it runs.</param>
    public FrozenPart(Backbone source, Range blocks, FeaturePooling? pooling, IReadOnlyList<long> input, ScalarType arithmetic, torch.Device device)
    {
        (_arithmetic, _device) = (arithmetic, device);
        using var scope = NewDisposeScope();
        var (first, count) = blocks.GetOffsetAndLength(source.Blocks.Count);
        using var part = new BackbonePart(source, first, first + count);
        var blank = zeros([1, .. input], device: source.parameters().First().device);
        _blocks = jit.optimize_for_inference(part, blank, arithmetic, device);
        _pool = pooling is { } chosen ? ClassifierHead.PoolOf(chosen) : null;
        var output = Run(blank);
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
        var features = _blocks.call(images.to(_arithmetic, _device, torch.memory_format.channels_last));
        return scope.MoveToOuter(_pool is null ? features : _pool.call(features.to(ScalarType.Float32)));
    }

    public void Dispose()
    {
        _pool?.Dispose();
        _blocks.Dispose();
    }
}
