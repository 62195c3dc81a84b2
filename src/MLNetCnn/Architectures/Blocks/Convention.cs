namespace MLNetCnn.Architectures.Blocks;

/// <summary>What frameworks do differently in the same network.</summary>
/// <param name="Epsilon">What BatchNorm adds to the variance.</param>
/// <param name="Momentum">The share of a batch in BatchNorm's running statistics.</param>
/// <param name="SamePadding">Whether convolutions of stride 2 pad as TensorFlow does, <see cref="SamePadConv2d"/>.</param>
internal sealed record Convention(double Epsilon, double Momentum, bool SamePadding)
{
    public static Convention Torchvision { get; } = new(1e-5, 0.1, false);

    public static Convention Keras { get; } = new(1e-3, 0.01, true);

    /// <summary>The setting <c>form</c> of architectures that are published in both conventions.</summary>
    public static ArchitectureSetting Setting { get; } = ArchitectureSetting.Choice(
        "form", "whose form the network has, and whose weights it takes", "torchvision", "torchvision", "keras");

    public Module<Tensor, Tensor> Norm(long channels) => BatchNorm2d(channels, Epsilon, Momentum);

    /// <summary>A convolution whose output is as large as its input, divided by the stride and rounded up.</summary>
    public Module<Tensor, Tensor> Conv(long channels, long filters, long kernel, long stride = 1, long groups = 1, bool bias = false) =>
        SamePadding && stride > 1
            ? new SamePadConv2d(channels, filters, kernel, stride, groups, bias)
            : Conv2d(channels, filters, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: bias);

    /// <summary>torchvision's Conv2dNormActivation: convolution, BatchNorm and, where there is one, an activation, called 0, 1 and 2.</summary>
    public Sequential ConvNormActivation(
        long channels, long filters, long kernel, long stride = 1, long groups = 1, Module<Tensor, Tensor>? activation = null)
    {
        var layers = Sequential(Conv(channels, filters, kernel, stride, groups), Norm(filters));
        return activation is null ? layers : layers.append(activation);
    }
}
