using MLNetCnn.Architectures.Blocks;

namespace MLNetCnn.Architectures;

/// <summary>
/// Residual networks with torchvision's weight names: ResNet-18 to -101 in torchvision's form, the last two in that of Keras's
/// applications too, and the two Keras forms of the studies.
/// </summary>
/// <remarks>
/// Keras's ResNet-50 and -101 have biased convolutions, and strides in the first 1×1 convolution of a stage. Their padded pool is
/// the usual one: what comes in is never below zero.
/// </remarks>
internal sealed class ResNet : BackboneWithDenseHead
{
    private const string Paper = "He et al. 2015, Deep residual learning for image recognition";
    private const int SmallImage = 64;

    private static readonly ArchitectureSetting Hidden = ArchitectureSetting.Whole(
        "hidden", "units of a dense layer before the last, 0 for none", 0, 0, 100_000);

    private static readonly ArchitectureSetting Width = ArchitectureSetting.Whole(
        "width", "filters of the first stage; the others have 2, 4 and 8 times as many", 64, 1, 1024);

    private static readonly ArchitectureSetting Cntk = ArchitectureSetting.Choice(
        "form", "torchvision's, or CNTK's with a third block in the last stage", "torchvision", "torchvision", "cntk");

    private readonly Module<Tensor, Tensor> conv1, bn1, relu, maxpool;
    private readonly Sequential layer1, layer2, layer3, layer4;

    private ResNet(ResNetForm form, ImageShape input, int classes)
        : base("ResNet")
    {
        conv1 = form.SmallStem ? form.Conv(input.Channels, form.Width, 3, 1) : form.Conv(input.Channels, form.Width, 7, 2);
        bn1 = form.Norm(form.Width);
        relu = ReLU(inplace: true);
        maxpool = form.Pool ? MaxPool2d(3, stride: 2, padding: 1) : Identity();
        layer1 = Stage(form, form.Width, 0);
        layer2 = Stage(form, form.Outputs(0), 1);
        layer3 = Stage(form, form.Outputs(1), 2);
        layer4 = Stage(form, form.Outputs(2), 3);
        FeatureChannels = form.Outputs(3);
        RegisterComponents();
        if (classes > 0)
        {
            AddHead(form.Dropout, form.Hidden == 0 ? Linear(FeatureChannels, classes) : Sequential(Linear(FeatureChannels, form.Hidden), ReLU(), Linear(form.Hidden, classes)));
        }
    }

    public static IReadOnlyList<Architecture> All { get; } =
    [
        Basic("resnet-18", [2, 2, 2, 2], cntkBlocks: [2, 2, 2, 3]),
        Basic("resnet-34", [3, 4, 6, 3]),
        Deep("resnet-50", [3, 4, 6, 3], kerasEpsilon: 1e-3),
        Deep("resnet-101", [3, 4, 23, 3], kerasEpsilon: 1.001e-5),
        Study("resnet-34-keras", "ResNet-34 with Keras's constants and Glorot-uniform weights", "study cifar100-classic-cnns, after " + Paper, "glorot_uniform",
            new() { Blocks = [3, 4, 6, 3], Convention = Convention.Keras }),
        Study("resnet-18-keras", "four stages of two residual units, biased convolutions, plain shortcuts, no pool in the stem", "studies fashion-mnist-cnns and animals-transfer, after " + Paper, "he_normal",
            new() { Blocks = [2, 2, 2, 2], Convention = Convention.Keras, Pool = false, Bias = true, NormaliseShortcut = false }),
    ];

    public override long FeatureChannels { get; }

    protected override IEnumerable<BackboneBlock> ListBlocks()
    {
        yield return new("stem", "stem", conv1, bn1, relu, maxpool);
        foreach (var block in new[] { (nameof(layer1), layer1), (nameof(layer2), layer2), (nameof(layer3), layer3), (nameof(layer4), layer4) }.SelectMany(BackboneBlock.OfStage))
        {
            yield return block;
        }
    }

    // The forms differ in the last stage alone: where CNTK pads less at the right and the bottom, its windows never get there.
    private static Architecture Basic(string name, int[] blocks, int[]? cntkBlocks = null) => new((input, classes, settings) =>
    {
        var small = IsStemSmall(settings, input);
        return Torchvision(new(new() { Blocks = cntkBlocks is not null && settings.Choice("form") == "cntk" ? cntkBlocks : blocks, SmallStem = small, Pool = !small, Width = settings.Whole("width"), Dropout = settings.Number("dropout") }, input, classes));
    })
    {
        Name = name,
        Family = "ResNet",
        Description = $"{name["resnet-".Length..]} layers of basic residual blocks; torchvision's form and weight names",
        Paper = Paper,
        Settings = [Stem("auto"), Width, ArchitectureSetting.Dropout(0), .. cntkBlocks is null ? Array.Empty<ArchitectureSetting>() : [Cntk]],
    };

    private static Architecture Deep(string name, int[] blocks, double kerasEpsilon) => new((input, classes, settings) =>
    {
        var small = IsStemSmall(settings, input);
        var form = new ResNetForm { Blocks = blocks, Bottleneck = true, SmallStem = small, Pool = !small, Dropout = settings.Number("dropout") };
        return settings.Choice("form") == "torchvision"
            ? Torchvision(new(form, input, classes))
            : Initializers.Apply(
                new ResNet(form with { Convention = Convention.Keras with { Epsilon = kerasEpsilon }, Bias = true, StrideFirst = true }, input, classes),
                "glorot_uniform");
    })
    {
        Name = name,
        Family = "ResNet",
        Description = $"{name["resnet-".Length..]} layers of bottleneck blocks; torchvision's weight names",
        Paper = Paper,
        MinimumSize = 32,
        Settings = [Convention.Setting, Stem("imagenet"), ArchitectureSetting.Dropout(0)],
    };

    private static Architecture Study(string name, string description, string paper, string initializer, ResNetForm form) => new(
        (input, classes, settings) => Initializers.Apply(
            new ResNet(form with { Dropout = settings.Number("dropout"), Hidden = settings.Whole("hidden") }, input, classes),
            settings.Choice("initializer")))
    {
        Name = name,
        Family = "ResNet",
        Description = description,
        Paper = paper,
        Settings = [ArchitectureSetting.Dropout(0), Hidden, Initializers.Setting(initializer)],
    };

    private static ArchitectureSetting Stem(string value) => ArchitectureSetting.Choice(
        "stem", $"imagenet: 7×7 of stride 2 and a pool; small: 3×3; auto: small below {SmallImage} pixels", value, "auto", "imagenet", "small");

    private static bool IsStemSmall(SettingValues settings, ImageShape input) =>
        settings.Choice("stem") == "small" || (settings.Choice("stem") == "auto" && Math.Min(input.Height, input.Width) < SmallImage);

    private static ResNet Torchvision(ResNet network)
    {
        foreach (var parameter in network.parameters().Where(parameter => parameter.dim() == 4))
        {
            Initializers.KaimingFanOut(parameter);
        }

        return network;
    }

    private static Sequential Stage(ResNetForm form, long channels, int index) => Sequential(
        Enumerable.Range(0, form.Blocks[index]).Select(Module<Tensor, Tensor> (i) => new ResidualBlock(
            form, i == 0 ? channels : form.Outputs(index), form.Width << index, form.Outputs(index), i == 0 && index > 0 ? 2 : 1)));

    /// <summary>What the forms differ in; the defaults are torchvision's.</summary>
    private sealed record ResNetForm
    {
        public required int[] Blocks { get; init; }

        public bool Bottleneck { get; init; }

        public int Width { get; init; } = 64;

        public bool SmallStem { get; init; }

        public bool Pool { get; init; } = true;

        public bool Bias { get; init; }

        public bool NormaliseShortcut { get; init; } = true;

        public bool StrideFirst { get; init; }

        public Convention Convention { get; init; } = Convention.Torchvision;

        public double Dropout { get; init; }

        public int Hidden { get; init; }

        /// <summary>The channels that stage <paramref name="stage"/> (0 to 3) leaves.</summary>
        public long Outputs(int stage) => (long)(Bottleneck ? 4 * Width : Width) << stage;

        // Both frameworks pad alike here: Keras by layers of its own.
        public Module<Tensor, Tensor> Conv(long channels, long filters, long kernel, long stride) =>
            Conv2d(channels, filters, kernel, stride: stride, padding: kernel / 2, bias: Bias);

        public Module<Tensor, Tensor> Norm(long channels) => Convention.Norm(channels);
    }

    /// <summary>Two 3×3 convolutions, or one between two of 1×1, beside a shortcut, which is projected where the shape changes.</summary>
    private sealed class ResidualBlock : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv1, bn1, conv2, bn2, relu;
        private readonly Module<Tensor, Tensor>? conv3, bn3, downsample;
        private readonly Module<Tensor, Tensor>[] path;

        public ResidualBlock(ResNetForm form, long channels, long filters, long outputs, long stride)
            : base(form.Bottleneck ? "Bottleneck" : "BasicBlock")
        {
            var strideFirst = form.StrideFirst || !form.Bottleneck;
            conv1 = form.Conv(channels, filters, form.Bottleneck ? 1 : 3, strideFirst ? stride : 1);
            bn1 = form.Norm(filters);
            conv2 = form.Conv(filters, filters, 3, strideFirst ? 1 : stride);
            bn2 = form.Norm(filters);
            relu = ReLU(inplace: true);
            path = [conv1, bn1, relu, conv2];
            if (form.Bottleneck)
            {
                conv3 = form.Conv(filters, outputs, 1, 1);
                bn3 = form.Norm(outputs);
                path = [.. path, bn2, relu, conv3];
            }

            if (stride != 1 || channels != outputs)
            {
                var project = form.Conv(channels, outputs, 1, stride);
                downsample = form.NormaliseShortcut ? Sequential(project, form.Norm(outputs)) : Sequential(project);
            }

            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return scope.MoveToOuter(Chain.RunResidual(Chain.Run(input, path), bn3 ?? bn2, downsample?.call(input) ?? input, relu));
        }
    }
}
