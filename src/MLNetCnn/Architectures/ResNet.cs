namespace MLNetCnn.Architectures;

/// <summary>
/// Residual networks of basic blocks: torchvision's ResNet-18 and -34 with its weight names, and the two Keras forms of the
/// studies.
/// </summary>
internal sealed class ResNet : Module<Tensor, Tensor>
{
    private const string Paper = "He et al. 2015, Deep residual learning for image recognition";
    private const int SmallImage = 64;

    private static readonly ArchitectureSetting Stem = ArchitectureSetting.Choice(
        "stem", $"imagenet: 7×7 of stride 2 and a pool; small: 3×3; auto: small below {SmallImage} pixels", "auto", "auto", "imagenet", "small");

    private static readonly ArchitectureSetting Hidden = ArchitectureSetting.Whole(
        "hidden", "units of a dense layer before the last, 0 for none", 0, 0, 100_000);

    private static readonly ArchitectureSetting Width = ArchitectureSetting.Whole(
        "width", "filters of the first stage; the others have 2, 4 and 8 times as many", 64, 1, 1024);

    private readonly ResNetForm form;
    private readonly Module<Tensor, Tensor> conv1, bn1, relu, maxpool, layer1, layer2, layer3, layer4, avgpool, dropout, fc;

    private ResNet(ResNetForm form, ImageShape input, int classes)
        : base("ResNet")
    {
        this.form = form;
        conv1 = form.SmallStem ? form.Conv(input.Channels, form.Width, 3, 1) : form.Conv(input.Channels, form.Width, 7, 2);
        bn1 = form.Norm(form.Width);
        relu = ReLU();
        maxpool = form.Pool ? MaxPool2d(3, stride: 2, padding: 1) : Identity();
        layer1 = Stage(form.Width, form.Width, form.Blocks[0], 1);
        layer2 = Stage(form.Width, 2 * form.Width, form.Blocks[1], 2);
        layer3 = Stage(2 * form.Width, 4 * form.Width, form.Blocks[2], 2);
        layer4 = Stage(4 * form.Width, 8 * form.Width, form.Blocks[3], 2);
        avgpool = AdaptiveAvgPool2d(1);
        dropout = form.Dropout > 0 ? Dropout(form.Dropout) : Identity();
        fc = form.Hidden == 0 ? Linear(8 * form.Width, classes) : Sequential(Linear(8 * form.Width, form.Hidden), ReLU(), Linear(form.Hidden, classes));
        RegisterComponents();
    }

    public static IReadOnlyList<Architecture> All { get; } =
    [
        Torchvision("resnet-18", [2, 2, 2, 2]),
        Torchvision("resnet-34", [3, 4, 6, 3]),
        Keras("resnet-34-keras", "ResNet-34 with Keras's constants and Glorot-uniform weights", "study cifar100-classic-cnns, after " + Paper, "glorot_uniform",
            new() { Blocks = [3, 4, 6, 3], Keras = true }),
        Keras("resnet-18-keras", "four stages of two residual units, biased convolutions, plain shortcuts, no pool in the stem", "studies fashion-mnist-cnns and animals-transfer, after " + Paper, "he_normal",
            new() { Blocks = [2, 2, 2, 2], Keras = true, Pool = false, Bias = true, NormaliseShortcut = false }),
    ];

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = maxpool.call(relu.call(bn1.call(conv1.call(input))));
        x = layer4.call(layer3.call(layer2.call(layer1.call(x))));
        return scope.MoveToOuter(fc.call(dropout.call(avgpool.call(x).flatten(1))));
    }

    private static Architecture Torchvision(string name, int[] blocks) => new((input, classes, settings) =>
    {
        var small = settings.Choice("stem") == "small" || (settings.Choice("stem") == "auto" && Math.Min(input.Height, input.Width) < SmallImage);
        var network = new ResNet(new() { Blocks = blocks, SmallStem = small, Pool = !small, Width = settings.Whole("width"), Dropout = settings.Number("dropout") }, input, classes);
        foreach (var parameter in network.parameters().Where(parameter => parameter.dim() == 4))
        {
            init.kaiming_normal_(parameter, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        }

        return network;
    })
    {
        Name = name,
        Family = "ResNet",
        Description = $"{name["resnet-".Length..]} layers of basic residual blocks; torchvision's form and weight names",
        Paper = Paper,
        Settings = [Stem, Width, ArchitectureSetting.Dropout(0)],
    };

    private static Architecture Keras(string name, string description, string paper, string initializer, ResNetForm form) => new(
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

    private Sequential Stage(long channels, long filters, int blocks, long stride) => Sequential(
        Enumerable.Range(0, blocks).Select(Module<Tensor, Tensor> (i) =>
            new BasicBlock(form, i == 0 ? channels : filters, filters, i == 0 ? stride : 1)));

    /// <summary>What the forms differ in; the defaults are torchvision's.</summary>
    private sealed record ResNetForm
    {
        public required int[] Blocks { get; init; }

        public int Width { get; init; } = 64;

        public bool SmallStem { get; init; }

        public bool Pool { get; init; } = true;

        public bool Bias { get; init; }

        public bool NormaliseShortcut { get; init; } = true;

        public bool Keras { get; init; }

        public double Dropout { get; init; }

        public int Hidden { get; init; }

        public Module<Tensor, Tensor> Conv(long channels, long filters, long kernel, long stride) =>
            Conv2d(channels, filters, kernel, stride: stride, padding: kernel / 2, bias: Bias);

        public Module<Tensor, Tensor> Norm(long channels) => Keras ? Layers.KerasBatchNorm(channels) : BatchNorm2d(channels);
    }

    /// <summary>Two 3×3 convolutions beside a shortcut, which is projected where the shape changes.</summary>
    private sealed class BasicBlock : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv1, bn1, relu, conv2, bn2;
        private readonly Module<Tensor, Tensor>? downsample;

        public BasicBlock(ResNetForm form, long channels, long filters, long stride)
            : base("BasicBlock")
        {
            conv1 = form.Conv(channels, filters, 3, stride);
            bn1 = form.Norm(filters);
            relu = ReLU();
            conv2 = form.Conv(filters, filters, 3, 1);
            bn2 = form.Norm(filters);
            if (stride != 1 || channels != filters)
            {
                var project = form.Conv(channels, filters, 1, stride);
                downsample = form.NormaliseShortcut ? Sequential(project, form.Norm(filters)) : Sequential(project);
            }

            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = bn2.call(conv2.call(relu.call(bn1.call(conv1.call(input)))));
            return scope.MoveToOuter(relu.call(x.add(downsample?.call(input) ?? input)));
        }
    }
}
