using MLNetCnn.Architectures.Blocks;

namespace MLNetCnn.Architectures;

/// <summary>MobileNetV2 with torchvision's weight names, as torchvision or as Keras pads and normalises.</summary>
internal static class MobileNetV2
{
    // The paper's table 2: expansion, channels, repeats, stride of the first; a row is a stage, and the convolution
    // behind the last belongs to it.
    private static readonly (int Expansion, int Channels, int Repeats, int Stride)[] Rows =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    public static IReadOnlyList<Architecture> All { get; } =
    [
        new(Build)
        {
            Name = "mobilenet-v2",
            Family = "MobileNet",
            Description = "inverted residuals with linear bottlenecks; torchvision's weight names",
            Paper = "Sandler et al. 2018, MobileNetV2: inverted residuals and linear bottlenecks",
            MinimumSize = 32,
            Settings = [Convention.Setting, ArchitectureSetting.Number("width", "factor of all channels", 1, 0.1, 4), ArchitectureSetting.Dropout(0.2)],
        },
    ];

    /// <summary><paramref name="channels"/> rounded to a multiple of 8 that is not more than 10 % less.</summary>
    public static long Divisible(double channels)
    {
        var rounded = Math.Max(8, (long)(channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }

    private static FeatureNetwork Build(ImageShape input, int classes, SettingValues settings)
    {
        var (keras, width) = (settings.Choice("form") == "keras", settings.Number("width"));
        var convention = keras ? Convention.Keras with { Momentum = 0.001 } : Convention.Torchvision;
        var layers = new List<(string Stage, Module<Tensor, Tensor>[] Layers)>();
        var channels = Divisible(32 * width);
        layers.Add(("stem", [convention.ConvNormActivation(input.Channels, channels, 3, stride: 2, activation: ReLU6(inplace: true))]));
        foreach (var (i, row) in Rows.Index())
        {
            var filters = Divisible(row.Channels * width);
            for (var repeat = 0; repeat < row.Repeats; repeat++)
            {
                layers.Add(($"stage{i + 1}", [new InvertedResidual(convention, channels, filters, row.Expansion, repeat == 0 ? row.Stride : 1)]));
                channels = filters;
            }
        }

        var last = Divisible(1280 * Math.Max(1, width));
        layers.Add(($"stage{Rows.Length}", [convention.ConvNormActivation(channels, last, 1, activation: ReLU6(inplace: true))]));
        var classifier = classes == 0 ? null : Sequential(Dropout(settings.Number("dropout")), Linear(last, classes));
        var network = new FeatureNetwork("MobileNetV2", layers, last, classifier);
        return keras
            ? Initializers.Apply(network, "glorot_uniform")
            : Initializers.Fill(network, Initializers.KaimingFanOut, weight => init.normal_(weight, 0, 0.01));
    }

    /// <summary>A 1×1 convolution that widens, a depthwise one, and a 1×1 that narrows, without activation; a shortcut where the shape stays.</summary>
    private sealed class InvertedResidual : Module<Tensor, Tensor>
    {
        private readonly bool shortcut;
        private readonly Sequential conv;

        public InvertedResidual(Convention convention, long channels, long filters, long expansion, long stride)
            : base("InvertedResidual")
        {
            shortcut = stride == 1 && channels == filters;
            var expanded = channels * expansion;
            List<Module<Tensor, Tensor>> layers =
            [
                convention.ConvNormActivation(expanded, expanded, 3, stride, groups: expanded, ReLU6(inplace: true)),
                Conv2d(expanded, filters, 1, bias: false),
                convention.Norm(filters),
            ];
            if (expansion != 1)
            {
                layers.Insert(0, convention.ConvNormActivation(channels, expanded, 1, activation: ReLU6(inplace: true)));
            }

            conv = Sequential(layers);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var output = conv.call(input);
            return shortcut ? output.add_(input) : output;
        }
    }
}
