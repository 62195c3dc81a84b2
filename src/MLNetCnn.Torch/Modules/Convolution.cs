using static MLNetCnn.Torch.torch;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Modules;

/// <summary>What a convolution and its transpose share.</summary>
public abstract class ConvNd : Module<Tensor, Tensor>
{
    private protected ConvNd(string name, long[] weightShape, long inChannels, long outChannels, long[] stride, long[] padding, long[] dilation, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(name)
    {
        if (groups < 1 || inChannels % groups != 0 || outChannels % groups != 0)
        {
            throw new ArgumentException($"{name}: {groups} groups don't divide {inChannels} input and {outChannels} output channels");
        }

        (in_channels, out_channels, kernel_size, this.stride, this.padding, this.dilation, this.groups) = (inChannels, outChannels, weightShape[2..], stride, padding, dilation, groups);
        weight = Initialization.Uninitialized(weightShape, device, dtype);
        this.bias = bias ? Initialization.Uninitialized([outChannels], device, dtype) : null;
        Initialization.KaimingUniform(weight, this.bias);
        register_parameter(nameof(weight), weight);
        if (this.bias is not null)
        {
            register_parameter(nameof(bias), this.bias);
        }
    }

    /// <summary>The weights: <c>[out, in / groups, kH, kW]</c>, transposed <c>[in, out / groups, kH, kW]</c>.</summary>
    public Parameter weight { get; }

    /// <summary>The bias <c>[out]</c>, or null.</summary>
    public Parameter? bias { get; }

    /// <summary>The number of channels that come in.</summary>
    public long in_channels { get; }

    /// <summary>The number of channels that go out.</summary>
    public long out_channels { get; }

    /// <summary>The window's height and width.</summary>
    public long[] kernel_size { get; }

    /// <summary>The step down and to the right.</summary>
    public long[] stride { get; }

    /// <summary>The border at top and bottom, at left and right.</summary>
    public long[] padding { get; }

    /// <summary>The distance between the window's points.</summary>
    public long[] dilation { get; }

    /// <summary>Into how many independent groups the channels fall; as many as there are channels: depthwise.</summary>
    public long groups { get; }
}

/// <summary>A convolution of <c>[N, in, H, W]</c>.</summary>
public sealed class Conv2d : ConvNd
{
    internal Conv2d(long inChannels, long outChannels, long[] kernelSize, long[] stride, long[] padding, Padding? mode, long[] dilation, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(Conv2d), [outChannels, inChannels / Math.Max(1, groups), .. kernelSize], inChannels, outChannels, stride, padding, dilation, groups, bias, device, dtype)
    {
        if (mode == Padding.Same && stride is not [1, 1])
        {
            throw new ArgumentException($"{nameof(Conv2d)}: padding 'same' needs stride 1, not {stride[0]}, {stride[1]}");
        }

        padding_mode = mode;
    }

    /// <summary>The padding by name, where it was given so.</summary>
    public Padding? padding_mode { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => padding_mode == Padding.Same
        ? functional.conv2d(input, weight, bias, stride, Padding.Same, dilation, groups)
        : functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
}

/// <summary>The transpose of a convolution: <c>[N, in, H, W]</c> to a larger image.</summary>
public sealed class ConvTranspose2d : ConvNd
{
    internal ConvTranspose2d(long inChannels, long outChannels, long[] kernelSize, long[] stride, long[] padding, long[] outputPadding, long[] dilation, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(ConvTranspose2d), [inChannels, outChannels / Math.Max(1, groups), .. kernelSize], inChannels, outChannels, stride, padding, dilation, groups, bias, device, dtype) => output_padding = outputPadding;

    /// <summary>What is added to the output's height and width.</summary>
    public long[] output_padding { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        functional.conv_transpose2d(input, weight, bias, stride, padding, output_padding, groups, dilation);
}
