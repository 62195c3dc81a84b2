namespace MLNetCnn.Architectures;

/// <summary>
/// The residual network that learns small images fastest for its size: eight convolutions, two of the stages with a residual pair, and
/// logits an eighth as large.
/// </summary>
internal static class ResNet9
{
    private const double LogitScale = 0.125;

    // What three pools divide a side by.
    private const int Pools = 8;

    public static Architecture Architecture { get; } = new((input, classes, settings) => new Network(input, settings.Whole("width"), classes))
    {
        Name = "resnet-9",
        Family = "ResNet",
        Description = "eight convolutions and a dense layer, for images of about 32×32",
        Paper = "Page 2018, How to train your ResNet, after He et al. 2015",
        MinimumSize = Pools,
        Settings = [ArchitectureSetting.Whole("width", "filters of the first convolution; the stages have 2, 4 and 8 times as many", 64, 1, 512)],
    };

    private static Sequential Convolution(long channels, long filters, bool pool = false)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>
        {
            ("conv", Conv2d(channels, filters, 3, padding: 1, bias: false)), ("bn", BatchNorm2d(filters)), ("relu", ReLU(inplace: true)),
        };
        if (pool)
        {
            layers.Add(("pool", MaxPool2d(2)));
        }

        return Sequential(layers);
    }

    private sealed class Network : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> prep, layer1, res1, layer2, layer3, res3, pool, linear;

        public Network(ImageShape input, long width, int classes)
            : base("ResNet9")
        {
            prep = Convolution(input.Channels, width);
            layer1 = Convolution(width, 2 * width, pool: true);
            res1 = new Residual(2 * width);
            layer2 = Convolution(2 * width, 4 * width, pool: true);
            layer3 = Convolution(4 * width, 8 * width, pool: true);
            res3 = new Residual(8 * width);
            pool = MaxPool2d((input.Height / Pools, input.Width / Pools));
            linear = Linear(8 * width, classes, hasBias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var features = Chain.Run(input, prep, layer1, res1, layer2, layer3, res3, pool);
            return scope.MoveToOuter(linear.call(features.flatten(1)).mul(LogitScale));
        }
    }

    private sealed class Residual : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv1, conv2;

        public Residual(long channels)
            : base("Residual")
        {
            conv1 = Convolution(channels, channels);
            conv2 = Convolution(channels, channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return scope.MoveToOuter(Chain.Run(input, conv1, conv2).add(input));
        }
    }
}
