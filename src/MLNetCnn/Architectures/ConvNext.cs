using MLNetCnn.Architectures.Blocks;

namespace MLNetCnn.Architectures;

/// <summary>ConvNeXt-Tiny as torchvision has it, with its weight names. A stage begins with the layer that halves its input.</summary>
internal static class ConvNext
{
    private static readonly (long Channels, int Repeats)[] Tiny = [(96, 3), (192, 3), (384, 9), (768, 3)];

    public static IReadOnlyList<Architecture> All { get; } =
    [
        new(Build)
        {
            Name = "convnext-tiny",
            Family = "ConvNeXt",
            Description = "depthwise 7×7 convolutions with LayerNorm and GELU; torchvision's form and weight names",
            Paper = "Liu et al. 2022, A ConvNet for the 2020s",
            MinimumSize = 32,
            Settings = [StochasticDepth.Setting(0.1)],
        },
    ];

    private static FeatureNetwork Build(ImageShape input, int classes, SettingValues settings)
    {
        var (last, blocks) = (Tiny.Sum(stage => stage.Repeats) - 1, 0);
        var layers = new List<Module<Tensor, Tensor>> { Sequential(Conv2d(input.Channels, Tiny[0].Channels, 4, stride: 4), new LayerNorm2d(Tiny[0].Channels)) };
        foreach (var (i, (channels, repeats)) in Tiny.Index())
        {
            if (i > 0)
            {
                layers.Add(Sequential(new LayerNorm2d(Tiny[i - 1].Channels), Conv2d(Tiny[i - 1].Channels, channels, 2, stride: 2)));
            }

            layers.Add(Sequential([.. Enumerable.Range(0, repeats).Select(Module<Tensor, Tensor> (_) =>
                new CNBlock(channels, settings.Number("stochastic_depth") * blocks++ / last))]));
        }

        var features = Sequential(layers);
        var width = Tiny[^1].Channels;
        // torchvision flattens after the LayerNorm of 1×1 positions: the same numbers.
        var classifier = classes == 0 ? null : Sequential(LayerNorm(width, eps: 1e-6), Identity(), Linear(width, classes));
        return Initializers.Fill(
            new FeatureNetwork("ConvNeXt", features, FeatureNetwork.InStages<CNBlock>(features, layer => layer is 2 or 4 or 6 ? layer + 1 : layer), width, classifier),
            weight => init.trunc_normal_(weight, 0, 0.02, -2, 2),
            weight => init.trunc_normal_(weight, 0, 0.02, -2, 2));
    }

    /// <summary>LayerNorm over the channels of each position.</summary>
    private sealed class LayerNorm2d : Module<Tensor, Tensor>
    {
        private readonly Parameter weight, bias;

        public LayerNorm2d(long channels)
            : base("LayerNorm2d")
        {
            using var scope = NewDisposeScope();
            (weight, bias) = (Parameter(ones(channels)), Parameter(zeros(channels)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return scope.MoveToOuter(functional.layer_norm(input.permute(0, 2, 3, 1), [weight.size(0)], weight, bias, 1e-6).permute(0, 3, 1, 2));
        }
    }

    private sealed class Permute(params long[] order) : Module<Tensor, Tensor>("Permute")
    {
        public override Tensor forward(Tensor input) => input.permute(order);
    }

    /// <summary>A depthwise 7×7 convolution, then two dense layers at each position, scaled, beside a shortcut.</summary>
    private sealed class CNBlock : Module<Tensor, Tensor>
    {
        private readonly double depth;
        private readonly Parameter layer_scale;
        private readonly Sequential block;

        public CNBlock(long channels, double depth)
            : base("CNBlock")
        {
            using var scope = NewDisposeScope();
            this.depth = depth;
            layer_scale = Parameter(full([channels, 1, 1], 1e-6));
            block = Sequential(
                Conv2d(channels, channels, 7, padding: 3, groups: channels), new Permute(0, 2, 3, 1), LayerNorm(channels, eps: 1e-6),
                Linear(channels, 4 * channels), GELU(), Linear(4 * channels, channels), new Permute(0, 3, 1, 2));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return scope.MoveToOuter(StochasticDepth.Add(input, block.call(input).mul(layer_scale), training ? depth : 0));
        }
    }
}
