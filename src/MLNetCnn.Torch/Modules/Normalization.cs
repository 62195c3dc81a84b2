using static MLNetCnn.Torch.torch;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Modules;

/// <summary>Batch normalisation (Ioffe and Szegedy, 2015): per channel to mean 0 and variance 1, then scaled and shifted as learnt.</summary>
public abstract class BatchNorm : Module<Tensor, Tensor>
{
    private protected BatchNorm(string name, long features, double eps, double momentum, bool affine, bool track, Device? device, ScalarType? dtype)
        : base(name)
    {
        (num_features, this.eps, this.momentum) = (features, eps, momentum);
        weight = affine ? Initialization.Constant([features], 1, device, dtype) : null;
        bias = affine ? Initialization.Constant([features], 0, device, dtype) : null;
        running_mean = track ? zeros([features], dtype, device) : null;
        running_var = track ? ones([features], dtype, device) : null;
        num_batches_tracked = track ? zeros([], ScalarType.Int64, device) : null;
        RegisterComponents();
    }

    /// <summary>The scale <c>[C]</c>, or null.</summary>
    public Parameter? weight { get; }

    /// <summary>The shift <c>[C]</c>, or null.</summary>
    public Parameter? bias { get; }

    /// <summary>The running mean <c>[C]</c>, or null.</summary>
    public Tensor? running_mean { get; }

    /// <summary>The running variance <c>[C]</c>, or null.</summary>
    public Tensor? running_var { get; }

    /// <summary>How many batches the running statistics have seen, or null.</summary>
    public Tensor? num_batches_tracked { get; }

    /// <summary>The number of channels.</summary>
    public long num_features { get; }

    /// <summary>What is added to the variance.</summary>
    public double eps { get; }

    /// <summary>The share of a batch in the running statistics, in [0, 1].</summary>
    public double momentum { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Normalise(input, null, Rectifier.None);

    /// <summary>Normalises, adds <paramref name="shortcut"/> where there is one, and rectifies.</summary>
    internal Tensor Normalise(Tensor input, Tensor? shortcut, Rectifier rectifier)
    {
        CheckDimensions(input.dim());
        if (training)
        {
            num_batches_tracked?.add_(1);
        }

        return functional.batch_norm(input, running_mean, running_var, weight, bias, shortcut, rectifier, training || running_mean is null, momentum, eps);
    }

    private protected abstract void CheckDimensions(long dimensions);
}

/// <summary>What of a BatchNorm's result goes on.</summary>
internal enum Rectifier
{
    /// <summary>All of it.</summary>
    None,

    /// <summary>max(0, x).</summary>
    ReLU,

    /// <summary>min(max(0, x), 6).</summary>
    ReLU6,
}

/// <summary>Batch normalisation of <c>[N, C, H, W]</c>.</summary>
public sealed class BatchNorm2d : BatchNorm
{
    internal BatchNorm2d(long features, double eps, double momentum, bool affine, bool track, Device? device, ScalarType? dtype)
        : base(nameof(BatchNorm2d), features, eps, momentum, affine, track, device, dtype)
    {
    }

    private protected override void CheckDimensions(long dimensions)
    {
        if (dimensions != 4)
        {
            throw new ArgumentException($"BatchNorm2d needs [N, C, H, W], not {dimensions} dimensions");
        }
    }
}

/// <summary>Batch normalisation of <c>[N, C]</c> or <c>[N, C, L]</c>.</summary>
public sealed class BatchNorm1d : BatchNorm
{
    internal BatchNorm1d(long features, double eps, double momentum, bool affine, bool track, Device? device, ScalarType? dtype)
        : base(nameof(BatchNorm1d), features, eps, momentum, affine, track, device, dtype)
    {
    }

    private protected override void CheckDimensions(long dimensions)
    {
        if (dimensions is not (2 or 3))
        {
            throw new ArgumentException($"BatchNorm1d needs [N, C] or [N, C, L], not {dimensions} dimensions");
        }
    }
}

/// <summary>Normalisation of each sample over its last dimensions (Ba et al., 2016).</summary>
public sealed class LayerNorm : Module<Tensor, Tensor>
{
    internal LayerNorm(long[] normalizedShape, double eps, bool affine, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(LayerNorm))
    {
        (normalized_shape, this.eps) = (normalizedShape, eps);
        weight = affine ? Initialization.Constant(normalizedShape, 1, device, dtype) : null;
        this.bias = affine && bias ? Initialization.Constant(normalizedShape, 0, device, dtype) : null;
        RegisterComponents();
    }

    /// <summary>The scale, of the normalised dimensions' shape, or null.</summary>
    public Parameter? weight { get; }

    /// <summary>The shift, of the normalised dimensions' shape, or null.</summary>
    public Parameter? bias { get; }

    /// <summary>The lengths of the normalised dimensions.</summary>
    public long[] normalized_shape { get; }

    /// <summary>What is added to the variance.</summary>
    public double eps { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.layer_norm(input, normalized_shape, weight, bias, eps);
}
