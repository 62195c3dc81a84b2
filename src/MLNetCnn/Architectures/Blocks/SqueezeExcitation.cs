namespace MLNetCnn.Architectures.Blocks;

/// <summary>Weighs channels by what the whole image shows (Hu et al. 2018), under torchvision's names.</summary>
internal sealed class SqueezeExcitation : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> avgpool, fc1, fc2, activation, scale_activation;

    public SqueezeExcitation(long channels, long squeezed, Module<Tensor, Tensor> activation, Module<Tensor, Tensor> gate)
        : base("SqueezeExcitation")
    {
        avgpool = AdaptiveAvgPool2d(1);
        fc1 = Conv2d(channels, squeezed, 1);
        fc2 = Conv2d(squeezed, channels, 1);
        (this.activation, scale_activation) = (activation, gate);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scale = Chain.Run(input, avgpool, fc1, activation, fc2, scale_activation);
        return input.mul(scale);
    }
}
