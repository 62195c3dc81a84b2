using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
using MLNetCnn.Architectures;
using MLNetCnn.Export;
using MLNetCnn.Inference;
using MLNetCnn.Testing;
using MLNetCnn.Tests.Architectures;

namespace MLNetCnn.Tests.Export;

public sealed class OnnxExporterTests
{
    // In each form that it is published in: Keras's pads otherwise, one side more than the other.
    public static TheoryData<string, string?> Names =>
    [
        .. ArchitectureCatalog.All.Select(architecture => (architecture.Name, (string?)null)),
        .. ArchitectureCatalog.All.Where(architecture => architecture.Settings.Any(setting => setting.Name == "form" && setting.Values.Contains("keras", StringComparison.Ordinal))).Select(architecture => (architecture.Name, (string?)"keras")),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void ONNX_Runtime_gives_libtorchs_scores_without_BatchNorm_after_convolutions(string name, string? form)
    {
        using var scope = NewDisposeScope();
        var size = Math.Max(32, ArchitectureCatalog.Get(name).MinimumSize) + (form is null ? 0 : 1);
        var preprocessing = new ImagePreprocessing
        {
            Height = size,
            Width = size + 2,
            Channels = 3,
            Mean = [0.485f, 0.456f, 0.406f],
            StandardDeviation = [0.229f, 0.224f, 0.225f],
        };
        manual_seed(7);
        // Dense layers of 4096 units cost seconds and show nothing that 64 don't.
        var given = ArchitectureCatalog.Get(name).Settings.Any(setting => setting.Name == "hidden") ? new JsonObject { ["hidden"] = 64 } : [];
        if (form is not null)
        {
            given["form"] = form;
        }

        var settings = new ArchitectureSettings(given);
        using var network = ArchitectureCatalog.Create(name, new(3, size, size + 2), 6, settings);
        TestNetworks.Randomise(network, Images(preprocessing, 3));
        var temperature = Logits(network, preprocessing, 3).abs().max().ToDouble() / 3;
        var model = OnnxExporter.Export(network, preprocessing, Labels(6), temperature);
        AssertFolded(model);
        using var session = Open(model);
        foreach (var count in new[] { 1, 3 })
        {
            AssertSameScores(network, preprocessing, session, count, temperature);
        }
    }

    // What the catalog's networks don't use of the table.
    private sealed class Everything : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv = Conv2d(3, 8, 3, stride: 2, padding: 2, dilation: 2, groups: 1);
        private readonly Module<Tensor, Tensor> grouped = Conv2d(8, 8, (3, 1), padding: (1, 0), groups: 4, bias: false);
        private readonly Module<Tensor, Tensor> norm = BatchNorm2d(8);
        private readonly Module<Tensor, Tensor> plain = BatchNorm2d(8, affine: false);
        private readonly Module<Tensor, Tensor> up = ConvTranspose2d(8, 6, 3, stride: 2, padding: 1, output_padding: 1, groups: 2);
        private readonly Module<Tensor, Tensor> token = Linear(6, 5);
        private readonly Module<Tensor, Tensor> head = Linear(5, 4);

        public Everything()
            : base("Everything") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = norm.call(grouped.call(conv.call(input)).relu6());
            x = plain.call(x.leaky_relu(0.1).add(x.gelu()).sub(x.hardswish().mul(0.5)));
            x = cat([x.slice(1, 2, 6, 1), x.hardsigmoid().slice(1, 0, 4, 1)], 1);
            x = up.call(functional.pad(x, [1, 2, 3, 0], value: 0.25));
            x = functional.avg_pool2d(x.elu(0.7), [3, 3], [2, 2], [1, 1], ceil_mode: false, count_include_pad: false);
            x = functional.max_pool2d(x.silu(), [2, 2], [1, 1], ceil_mode: true);
            x = functional.adaptive_avg_pool2d(x.tanh(), (3, 4));
            x = token.call(x.flatten(2).transpose(1, 2).contiguous()).sigmoid();
            x = x.permute(0, 2, 1).view(-1, 5, 3, 4).mean([2, 3], keepdim: true).squeeze(3).squeeze(2);
            x = x.div(x.sum(1, keepdim: true)).exp().sqrt().add(x.pow(2), 0.5).neg();
            return scope.MoveToOuter(head.call(x).unsqueeze(1).reshape(-1, 4).log_softmax(1).mul(3));
        }
    }

    [Fact]
    public void Every_operation_in_the_table_means_what_libtorch_means()
    {
        manual_seed(2);
        using var network = new Everything();
        AssertExports(network, ImagePreprocessing.ScaleOnly(21, 26, 3), classes: 4);
    }

    [Fact]
    public void Other_sizes_are_resized_as_PyTorch_resizes_with_antialiasing()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var network = Sequential(Flatten(), Linear(3 * 24 * 20, 5));
        var weight = network.parameters().First();
        weight.requires_grad = false;
        weight.mul_(20);
        var preprocessing = ImagePreprocessing.ScaleOnly(24, 20, 3);
        using var session = Open(OnnxExporter.Export(network, preprocessing, Labels(5)));
        foreach (var (height, width) in new[] { (57, 19), (24, 40), (13, 11), (300, 200) })
        {
            var pixels = Pixels(2, height, width, 3);
            var resized = PythonOracle.Run(
                """
                import torch
                x = torch.from_numpy(inputs['pixels']).permute(0, 3, 1, 2).float()
                outputs = {'x': torch.nn.functional.interpolate(x, (24, 20), mode='bilinear', antialias=True) / 255}
                """,
                new() { ["pixels"] = PythonOracle.Array(pixels, 2, height, width, 3) });
            using var untracked = no_grad();
            var expected = network.call(tensor<float>(PythonOracle.Floats(resized["x"]), [2, 3, 24, 20])).softmax(1).ToArray<float>();
            AssertClose(expected, Run(session, pixels, 2, height, width, 3), 1e-3);
        }
    }

    [Fact]
    public void The_model_says_what_it_takes_and_gives()
    {
        using var network = ArchitectureCatalog.Create("lenet-5", new(1, 28, 28), 3);
        var preprocessing = ImagePreprocessing.ScaleOnly(28, 28, 1);
        var bytes = OnnxExporter.Export(network, preprocessing, ["a", "b", "ü \"x\""]);
        var metadata = Onnx.ModelProto.Parser.ParseFrom(bytes).MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.Equal(["a", "b", "ü \"x\""], System.Text.Json.JsonSerializer.Deserialize<string[]>(metadata["labels"])!);
        Assert.Contains("\"Height\":28", metadata["preprocessing"], StringComparison.Ordinal);
        using var session = Open(bytes);
        var (input, output) = (session.InputMetadata.Single(), session.OutputMetadata.Single());
        Assert.Equal(("image", typeof(byte)), (input.Key, input.Value.ElementType));
        Assert.Equal([-1, -1, -1, 1], input.Value.Dimensions);
        Assert.Equal(("scores", typeof(float)), (output.Key, output.Value.ElementType));
        Assert.Equal([-1, 3], output.Value.Dimensions);
        Assert.Equal(bytes, OnnxExporter.Export(network, preprocessing, ["a", "b", "ü \"x\""]));
    }

    private sealed class Unknown : Module<Tensor, Tensor>
    {
        public Unknown()
            : base("Unknown")
        {
        }

        public override Tensor forward(Tensor input) => input.flatten(1).cumsum(1);
    }

    // The convolution's own output is used too: it stays, and so does its BatchNorm.
    private sealed class Beside : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv = Conv2d(1, 4, 3);
        private readonly Module<Tensor, Tensor> norm = BatchNorm2d(4);
        private readonly Module<Tensor, Tensor> gelu = GELU(tanh_approximation: true);
        private readonly Module<Tensor, Tensor> head = Linear(8, 3);

        public Beside()
            : base("Beside") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = conv.call(input);
            return scope.MoveToOuter(head.call(gelu.call(cat([x, norm.call(x)], 1)).mean([2, 3])));
        }
    }

    [Fact]
    public void A_BatchNorm_beside_its_convolution_is_not_folded_away()
    {
        manual_seed(3);
        using var network = new Beside();
        AssertExports(network, ImagePreprocessing.ScaleOnly(8, 8, 1), classes: 3);
    }

    [Fact]
    public void What_can_not_be_exported_is_named()
    {
        var preprocessing = ImagePreprocessing.ScaleOnly(8, 8, 1);
        using var ofTheBatch = Sequential(Conv2d(1, 4, 3), BatchNorm2d(4, track_running_stats: false), Flatten(), Linear(144, 3));
        Assert.Contains("track_running_stats", Assert.Throws<NotSupportedException>(() => OnnxExporter.Export(ofTheBatch, preprocessing, Labels(3))).Message, StringComparison.Ordinal);
        using var divided = Sequential(AvgPool2d(3, divisor_override: 5), Flatten(), Linear(4, 3));
        Assert.Contains("divisor_override", Assert.Throws<NotSupportedException>(() => OnnxExporter.Export(divided, preprocessing, Labels(3))).Message, StringComparison.Ordinal);
        using var unknown = new Unknown();
        Assert.StartsWith("Unknown can't be exported: its operation aten::cumsum has no ONNX form here", Assert.Throws<NotSupportedException>(() => OnnxExporter.Export(unknown, preprocessing, Labels(64))).Message, StringComparison.Ordinal);
        using var network = Sequential(Flatten(), Linear(64, 3));
        Assert.StartsWith("there are 2 labels, but the network gives [2, 3] for 2 images", Assert.Throws<ArgumentException>(() => OnnxExporter.Export(network, preprocessing, Labels(2))).Message, StringComparison.Ordinal);
        Assert.StartsWith("temperature is 0", Assert.Throws<ArgumentException>(() => OnnxExporter.Export(network, preprocessing, Labels(3), 0)).Message, StringComparison.Ordinal);
    }

    private static void AssertExports(Module<Tensor, Tensor> network, ImagePreprocessing preprocessing, int classes)
    {
        using var scope = NewDisposeScope();
        TestNetworks.Randomise(network, Images(preprocessing, 3));
        using var session = Open(OnnxExporter.Export(network, preprocessing, Labels(classes)));
        AssertSameScores(network, preprocessing, session, 2, 1);
    }

    private static void AssertSameScores(Module<Tensor, Tensor> network, ImagePreprocessing p, InferenceSession session, int count, double temperature)
    {
        var expected = Logits(network, p, count).div(temperature).softmax(1).ToArray<float>();
        Assert.True(expected.Max() < 0.9999, "the scores say nothing");
        var classes = expected.Length / count;
        var differ = count == 1 ? 1 : Enumerable.Range(classes, expected.Length - classes).Max(i => Math.Abs(expected[i] - expected[i % classes]));
        Assert.True(differ > 1e-3, $"the scores hardly depend on the image: they differ by {differ}");
        AssertClose(expected, Run(session, Pixels(count, p.Height, p.Width, p.Channels), count, p.Height, p.Width, p.Channels), 1e-4);
    }

    // BatchNorm after a convolution disappears into it.
    private static void AssertFolded(byte[] model)
    {
        var nodes = Onnx.ModelProto.Parser.ParseFrom(model).Graph.Node;
        var convolved = nodes.Where(node => node.OpType == "Conv").Select(node => node.Output[0]).ToHashSet();
        Assert.DoesNotContain(nodes, node => node.OpType == "BatchNormalization" && convolved.Contains(node.Input[0]));
    }

    private static Tensor Logits(Module<Tensor, Tensor> network, ImagePreprocessing p, int count)
    {
        using var untracked = no_grad();
        network.eval();
        return network.call(Images(p, count));
    }

    private static Tensor Images(ImagePreprocessing p, int count)
    {
        var mean = tensor<float>([.. p.Mean], [1, p.Channels, 1, 1]);
        var deviation = tensor<float>([.. p.StandardDeviation], [1, p.Channels, 1, 1]);
        var images = tensor<byte>(Pixels(count, p.Height, p.Width, p.Channels), [count, p.Height, p.Width, p.Channels]).permute(0, 3, 1, 2).to(ScalarType.Float32).div(255);
        return images.sub(mean).div(deviation);
    }

    private static float[] Run(InferenceSession session, byte[] pixels, int count, int height, int width, int channels)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [count, height, width, channels]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, ["image"], [input], ["scores"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static InferenceSession Open(byte[] model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        return new InferenceSession(model, options);
    }

    private static byte[] Pixels(int count, int height, int width, int channels)
    {
        var pixels = new byte[count * height * width * channels];
        new Random(height).NextBytes(pixels);

        // Noise alone is the same in every image once it is averaged: each has a colour of its own, and a side that is darker.
        for (var i = 0; i < pixels.Length; i++)
        {
            var (image, row, channel) = (i / (height * width * channels), i / (width * channels) % height, i % channels);
            pixels[i] = (byte)((pixels[i] / 4) + (96 * ((image + channel) % 3 == 0 ? 1 : 0)) + (image % 2 == 0 ? 90 * row / height : 0));
        }

        return pixels;
    }

    private static string[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
