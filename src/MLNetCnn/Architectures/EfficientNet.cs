using MLNetCnn.Architectures.Blocks;

namespace MLNetCnn.Architectures;

/// <summary>
/// EfficientNet-B0 and EfficientNetV2-S as torchvision has them, EfficientNet-B0 and EfficientNetV2-B0 as Keras has them, all
/// under torchvision's weight names; those of EfficientNetV2-B0, which torchvision lacks, follow its EfficientNetV2.
/// </summary>
internal static class EfficientNet
{
    private const string First = "Tan and Le 2019, EfficientNet: rethinking model scaling for convolutional neural networks";
    private const string Second = "Tan and Le 2021, EfficientNetV2: smaller models and faster training";

    private static readonly Row[] B0 =
    [
        new(false, 1, 3, 1, 32, 16, 1), new(false, 6, 3, 2, 16, 24, 2), new(false, 6, 5, 2, 24, 40, 2), new(false, 6, 3, 2, 40, 80, 3),
        new(false, 6, 5, 1, 80, 112, 3), new(false, 6, 5, 2, 112, 192, 4), new(false, 6, 3, 1, 192, 320, 1),
    ];

    private static readonly Row[] V2B0 =
    [
        new(true, 1, 3, 1, 32, 16, 1), new(true, 4, 3, 2, 16, 32, 2), new(true, 4, 3, 2, 32, 48, 2),
        new(false, 4, 3, 2, 48, 96, 3), new(false, 6, 3, 1, 96, 112, 5), new(false, 6, 3, 2, 112, 192, 8),
    ];

    private static readonly Row[] V2S =
    [
        new(true, 1, 3, 1, 24, 24, 2), new(true, 4, 3, 2, 24, 48, 4), new(true, 4, 3, 2, 48, 64, 4),
        new(false, 4, 3, 2, 64, 128, 6), new(false, 6, 3, 1, 128, 160, 9), new(false, 6, 3, 2, 160, 256, 15),
    ];

    public static IReadOnlyList<Architecture> All { get; } =
    [
        Define("efficientnet-b0", "the first, smallest", First, B0, Convention.Torchvision, Convention.Setting),
        Define("efficientnet-v2-b0", "Keras's form, the smallest of the second version", Second, V2B0, Convention.Keras with { Momentum = 0.1 }),
        Define("efficientnet-v2-s", "torchvision's form, the small one of the second version", Second, V2S, Convention.Torchvision with { Epsilon = 1e-3 }),
    ];

    private static Architecture Define(string name, string which, string paper, Row[] rows, Convention convention, params ReadOnlySpan<ArchitectureSetting> form)
    {
        var choosable = form.Length > 0;
        return new((input, classes, settings) => Build(
            input, classes, settings, rows, choosable && settings.Choice("form") == "keras" ? Convention.Keras : convention))
        {
            Name = name,
            Family = "EfficientNet",
            Description = $"inverted residuals scaled in width and depth, {which}; torchvision's weight names",
            Paper = paper,
            MinimumSize = 32,
            Settings = [.. form, ArchitectureSetting.Dropout(0.2), StochasticDepth.Setting(0.2)],
        };
    }

    private static FeatureNetwork Build(ImageShape input, int classes, SettingValues settings, Row[] rows, Convention convention)
    {
        var stages = new List<Module<Tensor, Tensor>>
        {
            convention.ConvNormActivation(input.Channels, rows[0].Channels, 3, stride: 2, activation: SiLU(inplace: true)),
        };
        var (depth, blocks) = (rows.Sum(row => row.Repeats), 0);
        foreach (var row in rows)
        {
            stages.Add(Sequential([.. Enumerable.Range(0, row.Repeats).Select(Module<Tensor, Tensor> (i) =>
                new Residual(convention, i == 0 ? row : row with { Channels = row.Filters, Stride = 1 }, settings.Number("stochastic_depth") * blocks++ / depth))]));
        }

        // Four times the channels, but never fewer than the 1280 of the smallest.
        var last = Math.Max(1280, 4 * rows[^1].Filters);
        stages.Add(convention.ConvNormActivation(rows[^1].Filters, last, 1, activation: SiLU(inplace: true)));
        var features = Sequential(stages);
        var classifier = classes == 0 ? null : Sequential(Dropout(settings.Number("dropout")), Linear(last, classes));
        var bound = 1 / Math.Sqrt(Math.Max(1, classes));
        return Initializers.Fill(
            new FeatureNetwork("EfficientNet", features, FeatureNetwork.InStages<Residual>(features, layer => Math.Min(layer, rows.Length)), last, classifier),
            Initializers.KaimingFanOut,
            weight => init.uniform_(weight, -bound, bound));
    }

    private sealed record Row(bool Fused, long Expansion, long Kernel, long Stride, long Channels, long Filters, int Repeats);

    /// <summary>
    /// An inverted residual with squeeze-and-excitation (torchvision's MBConv), or one whose first two convolutions are fused into
    /// a plain one and that has none (FusedMBConv).
    /// </summary>
    private sealed class Residual : Module<Tensor, Tensor>
    {
        private readonly bool shortcut;
        private readonly double depth;
        private readonly Sequential block;

        public Residual(Convention convention, Row row, double depth)
            : base(row.Fused ? "FusedMBConv" : "MBConv")
        {
            this.depth = depth;
            shortcut = row.Stride == 1 && row.Channels == row.Filters;
            var expanded = row.Channels * row.Expansion;
            List<Module<Tensor, Tensor>> layers = [];
            if (row.Fused)
            {
                layers.Add(Conv(row.Channels, row.Expansion == 1 ? row.Filters : expanded, row.Kernel, row.Stride));
            }
            else
            {
                if (row.Expansion != 1)
                {
                    layers.Add(Conv(row.Channels, expanded, 1));
                }

                layers.Add(Conv(expanded, expanded, row.Kernel, row.Stride, expanded));
                layers.Add(new SqueezeExcitation(expanded, row.Channels / 4, SiLU(inplace: true), Sigmoid()));
            }

            if (!row.Fused || row.Expansion != 1)
            {
                layers.Add(convention.ConvNormActivation(expanded, row.Filters, 1));
            }

            block = Sequential(layers);
            RegisterComponents();

            Module<Tensor, Tensor> Conv(long channels, long filters, long kernel, long stride = 1, long groups = 1) =>
                convention.ConvNormActivation(channels, filters, kernel, stride, groups, SiLU(inplace: true));
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = block.call(input);
            return scope.MoveToOuter(shortcut ? StochasticDepth.Add(input, x, training ? depth : 0) : x);
        }
    }
}
