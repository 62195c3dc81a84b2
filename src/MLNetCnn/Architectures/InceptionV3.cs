using MLNetCnn.Architectures.Blocks;

namespace MLNetCnn.Architectures;

/// <summary>InceptionV3 as torchvision has it, with its weight names, without the auxiliary head; its own image size is 299.</summary>
internal sealed class InceptionV3 : BackboneWithDenseHead
{
    private readonly List<BackboneBlock> blocks = [];

    private InceptionV3(long channels, int classes, double share)
        : base("InceptionV3")
    {
        Add(
            "stem", "stem",
            ("Conv2d_1a_3x3", Conv(channels, 32, 3, stride: 2)), ("Conv2d_2a_3x3", Conv(32, 32, 3)), ("Conv2d_2b_3x3", Conv(32, 64, 3, padding: 1)),
            ("maxpool1", MaxPool2d(3, stride: 2)), ("Conv2d_3b_1x1", Conv(64, 80, 1)), ("Conv2d_4a_3x3", Conv(80, 192, 3)), ("maxpool2", MaxPool2d(3, stride: 2)));
        Add("Mixed_5b", "Mixed_5", ("Mixed_5b", Mixed.A(192, 32)));
        Add("Mixed_5c", "Mixed_5", ("Mixed_5c", Mixed.A(256, 64)));
        Add("Mixed_5d", "Mixed_5", ("Mixed_5d", Mixed.A(288, 64)));
        Add("Mixed_6a", "Mixed_6", ("Mixed_6a", Mixed.B(288)));
        foreach (var (name, inner) in new[] { ("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192) })
        {
            Add(name, "Mixed_6", (name, Mixed.C(768, inner)));
        }

        Add("Mixed_7a", "Mixed_7", ("Mixed_7a", Mixed.D(768)));
        Add("Mixed_7b", "Mixed_7", ("Mixed_7b", Mixed.E(1280)));
        Add("Mixed_7c", "Mixed_7", ("Mixed_7c", Mixed.E(2048)));
        RegisterComponents();
        if (classes > 0)
        {
            AddHead(share, Linear(FeatureChannels, classes));
        }
    }

    public static IReadOnlyList<Architecture> All { get; } =
    [
        new((input, classes, settings) => Build(new(input.Channels, classes, settings.Number("dropout"))))
        {
            Name = "inception-v3",
            Family = "Inception",
            Description = "factorised inception modules; torchvision's form and weight names",
            Paper = "Szegedy et al. 2015, Rethinking the Inception architecture for computer vision",
            MinimumSize = 75,
            Settings = [ArchitectureSetting.Dropout(0.5)],
        },
    ];

    public override long FeatureChannels => 2048;

    /// <summary>torchvision's BasicConv2d.</summary>
    private static Sequential Conv(long channels, long filters, (long, long) kernel, long stride = 1, (long, long)? padding = null) => Sequential(
        ("conv", Conv2d(channels, filters, kernel, stride: (stride, stride), padding: padding, bias: false)),
        ("bn", BatchNorm2d(filters, eps: 1e-3)),
        ("relu", ReLU(inplace: true)));

    protected override IEnumerable<BackboneBlock> ListBlocks() => blocks;

    private static Sequential Conv(long channels, long filters, long kernel, long stride = 1, long padding = 0) =>
        Conv(channels, filters, (kernel, kernel), stride, (padding, padding));

    private static InceptionV3 Build(InceptionV3 network)
    {
        foreach (var weight in network.parameters().Where(parameter => parameter.dim() >= 2))
        {
            init.trunc_normal_(weight, 0, 0.1, -2, 2);
        }

        return network;
    }

    private void Add(string name, string stage, params (string Name, Module<Tensor, Tensor> Layer)[] layers)
    {
        foreach (var layer in layers)
        {
            register_module(layer.Name, layer.Layer);
        }

        blocks.Add(new(name, stage, [.. layers.Select(layer => layer.Layer)]));
    }

    /// <summary>Branches side by side, one behind the other in the channels: torchvision's InceptionA to InceptionE.</summary>
    private sealed class Mixed : Module<Tensor, Tensor>
    {
        private readonly List<(Module<Tensor, Tensor>[] Path, Module<Tensor, Tensor>[] Fork)> branches = [];

        private Mixed(string name)
            : base(name)
        {
        }

        public static Mixed A(long channels, long pooled) => new Mixed("InceptionA")
            .Branch(("branch1x1", Conv(channels, 64, 1)))
            .Branch(("branch5x5_1", Conv(channels, 48, 1)), ("branch5x5_2", Conv(48, 64, 5, padding: 2)))
            .Branch(("branch3x3dbl_1", Conv(channels, 64, 1)), ("branch3x3dbl_2", Conv(64, 96, 3, padding: 1)), ("branch3x3dbl_3", Conv(96, 96, 3, padding: 1)))
            .Branch(("pool", AvgPool2d(3, stride: 1, padding: 1)), ("branch_pool", Conv(channels, pooled, 1)));

        public static Mixed B(long channels) => new Mixed("InceptionB")
            .Branch(("branch3x3", Conv(channels, 384, 3, stride: 2)))
            .Branch(("branch3x3dbl_1", Conv(channels, 64, 1)), ("branch3x3dbl_2", Conv(64, 96, 3, padding: 1)), ("branch3x3dbl_3", Conv(96, 96, 3, stride: 2)))
            .Branch(("pool", MaxPool2d(3, stride: 2)));

        public static Mixed C(long channels, long inner) => new Mixed("InceptionC")
            .Branch(("branch1x1", Conv(channels, 192, 1)))
            .Branch(("branch7x7_1", Conv(channels, inner, 1)), ("branch7x7_2", Row(inner, inner, 7)), ("branch7x7_3", Column(inner, 192, 7)))
            .Branch(
                ("branch7x7dbl_1", Conv(channels, inner, 1)), ("branch7x7dbl_2", Column(inner, inner, 7)), ("branch7x7dbl_3", Row(inner, inner, 7)),
                ("branch7x7dbl_4", Column(inner, inner, 7)), ("branch7x7dbl_5", Row(inner, 192, 7)))
            .Branch(("pool", AvgPool2d(3, stride: 1, padding: 1)), ("branch_pool", Conv(channels, 192, 1)));

        public static Mixed D(long channels) => new Mixed("InceptionD")
            .Branch(("branch3x3_1", Conv(channels, 192, 1)), ("branch3x3_2", Conv(192, 320, 3, stride: 2)))
            .Branch(("branch7x7x3_1", Conv(channels, 192, 1)), ("branch7x7x3_2", Row(192, 192, 7)), ("branch7x7x3_3", Column(192, 192, 7)), ("branch7x7x3_4", Conv(192, 192, 3, stride: 2)))
            .Branch(("pool", MaxPool2d(3, stride: 2)));

        public static Mixed E(long channels) => new Mixed("InceptionE")
            .Branch(("branch1x1", Conv(channels, 320, 1)))
            .Branch(("branch3x3_1", Conv(channels, 384, 1))).Fork(("branch3x3_2a", Row(384, 384, 3)), ("branch3x3_2b", Column(384, 384, 3)))
            .Branch(("branch3x3dbl_1", Conv(channels, 448, 1)), ("branch3x3dbl_2", Conv(448, 384, 3, padding: 1))).Fork(("branch3x3dbl_3a", Row(384, 384, 3)), ("branch3x3dbl_3b", Column(384, 384, 3)))
            .Branch(("pool", AvgPool2d(3, stride: 1, padding: 1)), ("branch_pool", Conv(channels, 192, 1)));

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var outputs = new List<Tensor>();
            foreach (var (path, fork) in branches)
            {
                var output = Chain.Run(input, path);
                outputs.AddRange(fork.Length == 0 ? [output] : fork.Select(layer => layer.call(output)));
            }

            return scope.MoveToOuter(cat(outputs, 1));
        }

        private static Sequential Row(long channels, long filters, long width) => Conv(channels, filters, (1, width), padding: (0, width / 2));

        private static Sequential Column(long channels, long filters, long height) => Conv(channels, filters, (height, 1), padding: (height / 2, 0));

        private Mixed Branch(params (string Name, Module<Tensor, Tensor> Layer)[] path)
        {
            branches.Add((Register(path), []));
            return this;
        }

        /// <summary>Lets the last branch end in several layers side by side.</summary>
        private Mixed Fork(params (string Name, Module<Tensor, Tensor> Layer)[] ends)
        {
            branches[^1] = (branches[^1].Path, Register(ends));
            return this;
        }

        private Module<Tensor, Tensor>[] Register((string Name, Module<Tensor, Tensor> Layer)[] layers)
        {
            foreach (var (name, layer) in layers)
            {
                // A block has one pool at most, and that has no weights: no name of torchvision's is wanted.
                register_module(name, layer);
            }

            return [.. layers.Select(layer => layer.Layer)];
        }
    }
}
