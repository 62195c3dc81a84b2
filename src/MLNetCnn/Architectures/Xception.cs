using System.Globalization;
using MLNetCnn.Architectures.Blocks;

namespace MLNetCnn.Architectures;

/// <summary>
/// Xception as Keras has it (BatchNorm of epsilon 1e-3, TensorFlow's SAME pools), under the weight names of timm's legacy
/// Xception; its own image size is 299. Stages are the paper's entry, middle and exit flow.
/// </summary>
internal sealed class Xception : BackboneWithDenseHead
{
    private readonly Module<Tensor, Tensor> conv1, bn1, conv2, bn2;
    private readonly XceptionBlock[] units;
    private readonly Module<Tensor, Tensor> conv3, bn3, conv4, bn4, relu;

    private Xception(long channels, int classes, double share)
        : base("Xception")
    {
        conv1 = Conv2d(channels, 32, 3, stride: 2, bias: false);
        bn1 = Layers.KerasBatchNorm(32);
        conv2 = Conv2d(32, 64, 3, bias: false);
        bn2 = Layers.KerasBatchNorm(64);
        units =
        [
            new(64, 128, [128, 128], 2, startWithReLU: false), new(128, 256, [256, 256], 2), new(256, 728, [728, 728], 2),
            .. Enumerable.Range(0, 8).Select(_ => new XceptionBlock(728, 728, [728, 728, 728], 1)),
            new(728, 1024, [728, 1024], 2),
        ];
        conv3 = new SeparableConv2d(1024, 1536);
        bn3 = Layers.KerasBatchNorm(1536);
        conv4 = new SeparableConv2d(1536, 2048);
        bn4 = Layers.KerasBatchNorm(2048);
        relu = ReLU(inplace: true);
        // An array is no component: by hand, in timm's order.
        (string, Module<Tensor, Tensor>)[] first = [(nameof(conv1), conv1), (nameof(bn1), bn1), (nameof(conv2), conv2), (nameof(bn2), bn2)];
        foreach (var (name, layer) in first.Concat(units.Select((unit, i) => (Name(i), (Module<Tensor, Tensor>)unit))))
        {
            register_module(name, layer);
        }

        RegisterComponents();
        if (classes > 0)
        {
            AddHead(share, Linear(FeatureChannels, classes));
        }
    }

    public static IReadOnlyList<Architecture> All { get; } =
    [
        new((input, classes, settings) => Initializers.Apply(new Xception(input.Channels, classes, settings.Number("dropout")), "glorot_uniform"))
        {
            Name = "xception",
            Family = "Xception",
            Description = "separable convolutions with shortcuts; Keras's form, timm's weight names",
            Paper = "Chollet 2016, Xception: deep learning with depthwise separable convolutions",
            MinimumSize = 71,
            Settings = [ArchitectureSetting.Dropout(0)],
        },
    ];

    public override long FeatureChannels => 2048;

    protected override IEnumerable<BackboneBlock> ListBlocks()
    {
        yield return new("stem", "entry", conv1, bn1, relu, conv2, bn2, relu);
        foreach (var (i, unit) in units.Index())
        {
            yield return new(Name(i), i < 3 ? "entry" : i < 11 ? "middle" : "exit", unit);
        }

        yield return new("conv3", "exit", conv3, bn3, relu);
        yield return new("conv4", "exit", conv4, bn4, relu);
    }

    private static string Name(int unit) => string.Create(CultureInfo.InvariantCulture, $"block{unit + 1}");

    /// <summary>A 3×3 convolution of each channel on its own, then a 1×1 over the channels.</summary>
    private sealed class SeparableConv2d : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv1, pointwise;

        public SeparableConv2d(long channels, long filters)
            : base("SeparableConv2d")
        {
            conv1 = Conv2d(channels, channels, 3, padding: 1, groups: channels, bias: false);
            pointwise = Conv2d(channels, filters, 1, bias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => Chain.Run(input, conv1, pointwise);
    }

    /// <summary>Separable convolutions, each after a ReLU, and a pool where the stride is 2, beside a shortcut.</summary>
    private sealed class XceptionBlock : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor>? skip, skipbn;
        private readonly Sequential rep;

        public XceptionBlock(long channels, long outputs, long[] filters, long stride, bool startWithReLU = true)
            : base("Block")
        {
            if (stride != 1)
            {
                skip = Conv2d(channels, outputs, 1, stride: stride, bias: false);
                skipbn = Layers.KerasBatchNorm(outputs);
            }

            var layers = new List<Module<Tensor, Tensor>>();
            foreach (var width in filters)
            {
                if (startWithReLU || layers.Count > 0)
                {
                    // The first must leave the block's input alone.
                    layers.Add(ReLU(inplace: layers.Count > 0));
                }

                layers.AddRange([new SeparableConv2d(channels, width), Layers.KerasBatchNorm(width)]);
                channels = width;
            }

            if (stride != 1)
            {
                layers.Add(new SameMaxPool());
            }

            rep = Sequential(layers);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var shortcut = skip is null ? input : Chain.Run(input, skip, skipbn!);
            return scope.MoveToOuter(rep.call(input).add_(shortcut));
        }
    }

    /// <summary>A 3×3 pool of stride 2 as TensorFlow's SAME pads it: even sizes at the right and the bottom alone.</summary>
    private sealed class SameMaxPool() : Module<Tensor, Tensor>("MaxPool2d")
    {
        public override Tensor forward(Tensor input) =>
            functional.max_pool2d(input, [3, 3], [2, 2], [input.size(2) % 2, input.size(3) % 2], ceil_mode: true);
    }
}
