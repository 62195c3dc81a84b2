using static MLNetCnn.Torch.torch;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Modules;

/// <summary>Some dimensions as one.</summary>
public sealed class Flatten : Module<Tensor, Tensor>
{
    internal Flatten(long startDim, long endDim)
        : base(nameof(Flatten)) => (start_dim, end_dim) = (startDim, endDim);

    /// <summary>The first dimension.</summary>
    public long start_dim { get; }

    /// <summary>The last dimension.</summary>
    public long end_dim { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.flatten(start_dim, end_dim);
}

/// <summary>The input as it is.</summary>
public sealed class Identity : Module<Tensor, Tensor>
{
    internal Identity()
        : base(nameof(Identity))
    {
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.alias();
}

/// <summary>A border of zeros around images.</summary>
public sealed class ZeroPad2d : Module<Tensor, Tensor>
{
    internal ZeroPad2d(long[] padding)
        : base(nameof(ZeroPad2d)) => this.padding = padding;

    /// <summary>The widths at left, right, top and bottom.</summary>
    public long[] padding { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.pad(input, padding);
}
