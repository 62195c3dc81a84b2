using MLNetCnn.Architectures.Blocks;

namespace MLNetCnn.Architectures;

/// <summary>
/// ResNet-50 V2 as Keras's applications have it: BatchNorm and ReLU before the convolutions, strides in the last block of a stage.
/// Weights have the names of torchvision's ResNet; what that lacks is called <c>layer1.0.norm1</c> to <c>norm3</c> (Keras's
/// preact_bn, 1_bn and 2_bn), <c>layer1.0.downsample</c> (0_conv) and <c>norm</c> (post_bn).
/// </summary>
internal sealed class ResNetV2 : BackboneWithDenseHead
{
    private static readonly int[] Repeats = [3, 4, 6, 3];

    private readonly Module<Tensor, Tensor> conv1, pad, maxpool;
    private readonly Sequential layer1, layer2, layer3, layer4;
    private readonly Module<Tensor, Tensor> norm, relu;

    private ResNetV2(long channels, int classes, double share)
        : base("ResNetV2")
    {
        conv1 = Conv2d(channels, 64, 7, stride: 2, padding: 3);
        // Zeros beside what may be below zero: not what a pool's own padding does.
        (pad, maxpool) = (ZeroPad2d(1), MaxPool2d(3, stride: 2));
        layer1 = Stage(64, 64, Repeats[0], 2);
        layer2 = Stage(256, 128, Repeats[1], 2);
        layer3 = Stage(512, 256, Repeats[2], 2);
        layer4 = Stage(1024, 512, Repeats[3], 1);
        (norm, relu) = (Norm(FeatureChannels), ReLU(inplace: true));
        RegisterComponents();
        if (classes > 0)
        {
            AddHead(share, Linear(FeatureChannels, classes));
        }
    }

    public static IReadOnlyList<Architecture> All { get; } =
    [
        new((input, classes, settings) => Initializers.Apply(new ResNetV2(input.Channels, classes, settings.Number("dropout")), "glorot_uniform"))
        {
            Name = "resnet-50-v2",
            Family = "ResNet",
            Description = "50 layers of bottleneck blocks that normalise first; Keras's form",
            Paper = "He et al. 2016, Identity mappings in deep residual networks",
            MinimumSize = 32,
            Settings = [ArchitectureSetting.Dropout(0)],
        },
    ];

    public override long FeatureChannels => 2048;

    protected override IEnumerable<BackboneBlock> ListBlocks()
    {
        yield return new("stem", "stem", conv1, pad, maxpool);
        foreach (var block in new[] { (nameof(layer1), layer1), (nameof(layer2), layer2), (nameof(layer3), layer3), (nameof(layer4), layer4) }.SelectMany(BackboneBlock.OfStage))
        {
            yield return block;
        }

        yield return new("norm", nameof(layer4), norm, relu);
    }

    private static Module<Tensor, Tensor> Norm(long channels) => BatchNorm2d(channels, eps: 1.001e-5, momentum: 0.01);

    private static Sequential Stage(long channels, long filters, int repeats, long stride) => Sequential(
        Enumerable.Range(0, repeats).Select(Module<Tensor, Tensor> (i) =>
            new PreactivationBlock(i == 0 ? channels : 4 * filters, filters, i == repeats - 1 ? stride : 1, project: i == 0)));

    /// <summary>A 3×3 convolution between two of 1×1, each behind BatchNorm and ReLU, beside a shortcut.</summary>
    private sealed class PreactivationBlock : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> norm1, conv1, norm2, conv2, norm3, conv3, relu;
        private readonly Module<Tensor, Tensor>? downsample, pool;

        public PreactivationBlock(long channels, long filters, long stride, bool project)
            : base("PreactivationBlock")
        {
            norm1 = Norm(channels);
            conv1 = Conv2d(channels, filters, 1, bias: false);
            norm2 = Norm(filters);
            conv2 = Conv2d(filters, filters, 3, stride: stride, padding: 1, bias: false);
            norm3 = Norm(filters);
            conv3 = Conv2d(filters, 4 * filters, 1);
            relu = ReLU(inplace: true);
            downsample = project ? Conv2d(channels, 4 * filters, 1) : null;
            pool = stride > 1 ? MaxPool2d(1, stride: stride) : null;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = Chain.Run(input, norm1, relu);
            var shortcut = downsample?.call(x) ?? pool?.call(input) ?? input;
            return scope.MoveToOuter(Chain.Run(x, conv1, norm2, relu, conv2, norm3, relu, conv3).add_(shortcut));
        }
    }
}
