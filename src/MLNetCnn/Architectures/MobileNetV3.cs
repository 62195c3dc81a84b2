using MLNetCnn.Architectures.Blocks;

namespace MLNetCnn.Architectures;

/// <summary>MobileNetV3 as torchvision has it, with its weight names. Stages are the blocks of equally many channels, the last with the convolution behind it.</summary>
internal static class MobileNetV3
{
    private static readonly Convention Convention = Convention.Torchvision with { Epsilon = 1e-3, Momentum = 0.01 };

    // The paper's table 1.
    private static readonly Row[] Large =
    [
        new(3, 16, 16, false, false, 1),
        new(3, 64, 24, false, false, 2), new(3, 72, 24, false, false, 1),
        new(5, 72, 40, true, false, 2), new(5, 120, 40, true, false, 1), new(5, 120, 40, true, false, 1),
        new(3, 240, 80, false, true, 2), new(3, 200, 80, false, true, 1), new(3, 184, 80, false, true, 1), new(3, 184, 80, false, true, 1),
        new(3, 480, 112, true, true, 1), new(3, 672, 112, true, true, 1),
        new(5, 672, 160, true, true, 2), new(5, 960, 160, true, true, 1), new(5, 960, 160, true, true, 1),
    ];

    // The paper's table 2.
    private static readonly Row[] Small =
    [
        new(3, 16, 16, true, false, 2),
        new(3, 72, 24, false, false, 2), new(3, 88, 24, false, false, 1),
        new(5, 96, 40, true, true, 2), new(5, 240, 40, true, true, 1), new(5, 240, 40, true, true, 1),
        new(5, 120, 48, true, true, 1), new(5, 144, 48, true, true, 1),
        new(5, 288, 96, true, true, 2), new(5, 576, 96, true, true, 1), new(5, 576, 96, true, true, 1),
    ];

    public static IReadOnlyList<Architecture> All { get; } =
        [Define("mobilenet-v3-small", "for the smallest devices", Small, 1024), Define("mobilenet-v3-large", "for small devices", Large, 1280)];

    private static Architecture Define(string name, string purpose, Row[] rows, int hidden) => new(
        (input, classes, settings) => Build(input, classes, settings, rows, hidden))
    {
        Name = name,
        Family = "MobileNet",
        Description = $"inverted residuals that weigh their channels, {purpose}; torchvision's form and weight names",
        Paper = "Howard et al. 2019, Searching for MobileNetV3",
        MinimumSize = 32,
        Settings = [ArchitectureSetting.Dropout(0.2)],
    };

    private static FeatureNetwork Build(ImageShape input, int classes, SettingValues settings, Row[] rows, int hidden)
    {
        var (channels, stage) = (16L, 0);
        var layers = new List<(string Stage, Module<Tensor, Tensor>[] Layers)>
        {
            ("stem", [Convention.ConvNormActivation(input.Channels, channels, 3, stride: 2, activation: Hardswish(inplace: true))]),
        };
        foreach (var row in rows)
        {
            stage += stage == 0 || row.Filters != channels ? 1 : 0;
            layers.Add(($"stage{stage}", [new InvertedResidual(channels, row)]));
            channels = row.Filters;
        }

        var last = 6 * channels;
        layers.Add(($"stage{stage}", [Convention.ConvNormActivation(channels, last, 1, activation: Hardswish(inplace: true))]));
        var classifier = classes == 0 ? null : Sequential(
            Linear(last, hidden), Hardswish(inplace: true), Dropout(settings.Number("dropout")), Linear(hidden, classes));
        return Initializers.Fill(
            new FeatureNetwork("MobileNetV3", layers, last, classifier), Initializers.KaimingFanOut, weight => init.normal_(weight, 0, 0.01));
    }

    private sealed record Row(long Kernel, long Expanded, long Filters, bool Excited, bool Hard, long Stride);

    /// <summary>A 1×1 convolution that widens, a depthwise one, squeeze-and-excitation, and a 1×1 that narrows; a shortcut where the shape stays.</summary>
    private sealed class InvertedResidual : Module<Tensor, Tensor>
    {
        private readonly bool shortcut;
        private readonly Sequential block;

        public InvertedResidual(long channels, Row row)
            : base("InvertedResidual")
        {
            shortcut = row.Stride == 1 && channels == row.Filters;
            var layers = new List<Module<Tensor, Tensor>>();
            if (row.Expanded != channels)
            {
                layers.Add(Convention.ConvNormActivation(channels, row.Expanded, 1, activation: Activation()));
            }

            layers.Add(Convention.ConvNormActivation(row.Expanded, row.Expanded, row.Kernel, row.Stride, groups: row.Expanded, Activation()));
            if (row.Excited)
            {
                layers.Add(new SqueezeExcitation(row.Expanded, MobileNetV2.Divisible(row.Expanded / 4), ReLU(inplace: true), Hardsigmoid(inplace: true)));
            }

            layers.Add(Convention.ConvNormActivation(row.Expanded, row.Filters, 1));
            block = Sequential(layers);
            RegisterComponents();

            Module<Tensor, Tensor> Activation() => row.Hard ? Hardswish(inplace: true) : ReLU(inplace: true);
        }

        public override Tensor forward(Tensor input)
        {
            var output = block.call(input);
            return shortcut ? output.add_(input) : output;
        }
    }
}
