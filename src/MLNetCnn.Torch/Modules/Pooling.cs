using static MLNetCnn.Torch.torch;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Modules;

/// <summary>The largest of each window.</summary>
public sealed class MaxPool2d : Module<Tensor, Tensor>
{
    internal MaxPool2d(long[] kernelSize, long[] stride, long[] padding, long[] dilation, bool ceilMode)
        : base(nameof(MaxPool2d)) => (kernel_size, this.stride, this.padding, this.dilation, ceil_mode) = (kernelSize, stride, padding, dilation, ceilMode);

    /// <summary>The window's height and width.</summary>
    public long[] kernel_size { get; }

    /// <summary>The step down and to the right.</summary>
    public long[] stride { get; }

    /// <summary>The border at top and bottom, at left and right.</summary>
    public long[] padding { get; }

    /// <summary>The distance between the window's points.</summary>
    public long[] dilation { get; }

    /// <summary>Whether windows over the edge count.</summary>
    public bool ceil_mode { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode);
}

/// <summary>The mean of each window.</summary>
public sealed class AvgPool2d : Module<Tensor, Tensor>
{
    internal AvgPool2d(long[] kernelSize, long[] stride, long[] padding, bool ceilMode, bool countIncludePad, long? divisorOverride)
        : base(nameof(AvgPool2d)) =>
        (kernel_size, this.stride, this.padding, ceil_mode, count_include_pad, divisor_override) = (kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride);

    /// <summary>The window's height and width.</summary>
    public long[] kernel_size { get; }

    /// <summary>The step down and to the right.</summary>
    public long[] stride { get; }

    /// <summary>The border at top and bottom, at left and right.</summary>
    public long[] padding { get; }

    /// <summary>Whether windows over the edge count.</summary>
    public bool ceil_mode { get; }

    /// <summary>Whether the border's zeros count in the mean.</summary>
    public bool count_include_pad { get; }

    /// <summary>What the sum is divided by instead of the window's size, or null.</summary>
    public long? divisor_override { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
}

/// <summary>Means over windows such that the output has a given size.</summary>
public sealed class AdaptiveAvgPool2d : Module<Tensor, Tensor>
{
    internal AdaptiveAvgPool2d((long Height, long Width) outputSize)
        : base(nameof(AdaptiveAvgPool2d)) => output_size = outputSize;

    /// <summary>The output's height and width.</summary>
    public (long height, long width) output_size { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.adaptive_avg_pool2d(input, output_size);
}

/// <summary>Maxima over windows such that the output has a given size.</summary>
public sealed class AdaptiveMaxPool2d : Module<Tensor, Tensor>
{
    internal AdaptiveMaxPool2d((long Height, long Width) outputSize)
        : base(nameof(AdaptiveMaxPool2d)) => output_size = outputSize;

    /// <summary>The output's height and width.</summary>
    public (long height, long width) output_size { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.adaptive_max_pool2d(input, output_size);
}
