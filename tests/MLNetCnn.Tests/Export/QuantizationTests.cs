using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Export.Quantization;
using MLNetCnn.Inference;
using MLNetCnn.Testing;
using MLNetCnn.Tests.Architectures;
using static MLNetCnn.Tests.Export.TestModels;

namespace MLNetCnn.Tests.Export;

public sealed class QuantizationTests
{
    [Fact]
    public void Scores_are_those_of_integer_arithmetic_in_NumPy()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        const int Size = 12, Classes = 5;
        using var network = Sequential(Conv2d(3, 8, 3, padding: 1), ReLU(), MaxPool2d(2), Flatten(), Linear(8 * 6 * 6, Classes));
        var parameters = network.parameters().ToArray();
        var preprocessing = ImagePreprocessing.ScaleOnly(Size, Size, 3) with { Mean = [0.4f, 0.5f, 0.6f], StandardDeviation = [0.2f, 0.25f, 0.3f] };
        foreach (var parameter in parameters)
        {
            parameter.requires_grad = false;
            parameter.mul_(3);
        }

        using var calibration = Images(40, Size, 3, seed: 1);
        using var images = Images(60, Size, 3, seed: 2);
        var model = Package(network, preprocessing, Classes);
        var quantized = ModelQuantizer.Quantize(model, calibration);

        var expected = PythonOracle.Run(
            """
            w, b, v, c = (inputs[k].astype(np.float64) for k in ('w', 'b', 'v', 'c'))
            def prepare(pixels): return ((pixels / 255. - [.4, .5, .6]) / [.2, .25, .3]).transpose(0, 3, 1, 2)
            def conv(x, w):
                p = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
                return sum(np.einsum('nchw,oc->nohw', p[:, :, i:i + 12, j:j + 12], w[:, :, i, j]) for i in range(3) for j in range(3))
            def pool(x): return x.reshape(len(x), 8, 6, 2, 6, 2).max((3, 5))
            def params(x):
                low, high = min(x.min(), 0), max(x.max(), 0)
                scale = (high - low) / 255
                return scale, np.round(-low / scale)
            def integers(x, scale, zero): return np.clip(np.round(x / scale) + zero, 0, 255) - zero
            def weights(w):
                scales = np.abs(w).reshape(len(w), -1).max(1) / 64
                return np.round(w / scales.reshape(-1, *[1] * (w.ndim - 1))), scales
            x = prepare(inputs['calibration'])
            hidden = np.maximum(conv(x, w) + b[:, None, None], 0)
            (sx, zx), (sh, zh) = params(x), params(hidden)
            (wq, sw), (vq, sv) = weights(w), weights(v)
            x = prepare(inputs['pixels'])
            sums = conv(integers(x, sx, zx), wq) + np.round(b / (sx * sw))[:, None, None]
            h = integers(sums * (sx * sw)[:, None, None], sh, zh)
            logits = (pool(h).reshape(len(x), -1) @ vq.T + np.round(c / (sh * sv))) * (sh * sv)
            exact = pool(np.maximum(conv(x, w) + b[:, None, None], 0)).reshape(len(x), -1) @ v.T + c
            def softmax(z): return (np.exp(z - z.max(1, keepdims=True)) / np.exp(z - z.max(1, keepdims=True)).sum(1, keepdims=True)).astype(np.float32)
            outputs = {'scores': softmax(logits), 'exact': softmax(exact)}
            """,
            new()
            {
                ["w"] = Array(parameters[0]),
                ["b"] = Array(parameters[1]),
                ["v"] = Array(parameters[2]),
                ["c"] = Array(parameters[3]),
                ["calibration"] = PythonOracle.Array(Pixels(calibration), calibration.Count, Size, Size, 3),
                ["pixels"] = PythonOracle.Array(Pixels(images), images.Count, Size, Size, 3),
            });

        var (exact, integer) = (PythonOracle.Floats(expected["exact"]), PythonOracle.Floats(expected["scores"]));
        Assert.InRange(Furthest(exact, Scores(model, images)), 0, 1e-4);
        Assert.InRange(Furthest(integer, Scores(quantized, images)), 0, 2e-3); // a number between two integers may be rounded to either
        Assert.True(Furthest(exact, integer) > 6e-3, $"8 bits change no score by more than {Furthest(exact, integer)}: this test says nothing");
    }

    [Theory]
    [InlineData("mobilenet-v2")]
    [InlineData("resnet-18")]
    [InlineData("efficientnet-b0")]
    public void Every_convolution_runs_on_integers_and_the_file_shrinks_to_a_quarter(string name)
    {
        using var folder = new TemporaryFolder();
        manual_seed(5);
        using var network = ArchitectureCatalog.Create(name, new(3, 64, 64), 10);
        TestNetworks.Randomise(network, rand([3, 3, 64, 64]));
        network.eval();
        using var images = Images(8, 64, 3, seed: 1);
        var model = Package(network, ImagePreprocessing.ScaleOnly(64, 64, 3), 10);
        var quantized = ModelQuantizer.Quantize(model, images);

        var before = Kinds(Optimized(model.Onnx, folder["float.onnx"]));
        var after = Kinds(Optimized(quantized.Onnx, folder["int8.onnx"]));
        Assert.Equal(before.Where(kind => kind.Key is "Conv" or "FusedConv").Sum(kind => kind.Value), after["QLinearConv"]);
        Assert.DoesNotContain(after.Keys, kind => kind is "Conv" or "FusedConv" or "Gemm" or "FusedGemm" or "Relu" or "Clip" or "Sigmoid");
        Assert.Equal((1, 1), (after["QGemm"], after["QuantizeLinear"]));
        Assert.InRange((double)quantized.Onnx.Length / model.Onnx.Length, 0.24, 0.29);
    }

    // Zeros padded on one side, what has no 8-bit kernel between what has, branches, a product of matrices.
    private sealed class Mixed : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _first = Conv2d(1, 8, 3, stride: 2);
        private readonly Module<Tensor, Tensor> _left = Conv2d(8, 8, 3, padding: 1, groups: 8);
        private readonly Module<Tensor, Tensor> _right = Conv2d(8, 8, 1, bias: false);
        private readonly Module<Tensor, Tensor> _token = Linear(16, 12);
        private readonly Module<Tensor, Tensor> _hidden = Linear(12, 9);
        private readonly Module<Tensor, Tensor> _head = Linear(9, 4);

        public Mixed()
            : base("Mixed") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = _first.call(functional.pad(input, [0, 1, 0, 1])).silu();
            x = cat([_left.call(x).leaky_relu(0.1), _right.call(x).tanh().add(x)], 1);
            x = functional.avg_pool2d(x.hardswish(), [2, 2], [2, 2]);
            x = _token.call(x.flatten(2).transpose(1, 2)).relu().mean([1], keepdim: false);
            return scope.MoveToOuter(_head.call(_hidden.call(x).relu()).mul(5));
        }
    }

    [Fact]
    public void What_has_no_integer_kernel_stays_in_float_between_what_has()
    {
        using var folder = new TemporaryFolder();
        manual_seed(6);
        using var network = new Mixed();
        using var calibration = Images(40, 16, 1, seed: 1);
        using var images = Images(40, 16, 1, seed: 2);
        var model = Package(network, ImagePreprocessing.ScaleOnly(16, 16, 1), 4);
        var quantized = ModelQuantizer.Quantize(model, calibration);
        Assert.InRange(Furthest(Scores(model, images), Scores(quantized, images)), 1e-5, 0.03);
        var kinds = Kinds(Optimized(quantized.Onnx, folder["int8.onnx"]));
        Assert.Equal(3, kinds["QLinearConv"]);
        Assert.DoesNotContain(kinds.Keys, kind => kind is "Conv" or "FusedConv" or "Pad" or "Gemm" or "MatMul");
        Assert.Equal(Scores(quantized, images), Scores(ModelQuantizer.Quantize(model, calibration), images));
    }

    [Fact]
    public void A_dead_channel_keeps_its_bias()
    {
        var weights = IntegerWeights.Of([0.5f, -1, 1e-30f, 0, 0, 0], 3, 2, [1, -0.75f, 0], inputScale: 0.02f);
        Assert.Equal([32, -64, 0, 0, 0, 0], weights.Values);
        Assert.All(new[] { 1, -0.75, 0 }.Index(), bias => Assert.Equal(bias.Item, (double)weights.Biases![bias.Index] * weights.BiasScales[bias.Index], 1e-4));
    }

    [Fact]
    public void Extreme_images_are_clipped_where_the_coverage_says_so()
    {
        manual_seed(8);
        using var network = Sequential(Flatten(), Linear(64, 3));
        var model = Package(network, ImagePreprocessing.ScaleOnly(8, 8, 1), 3);
        byte[] pixels = [.. Enumerable.Repeat((byte)51, 64 * 9), .. Enumerable.Repeat((byte)255, 64)];
        using var images = ImageSet.FromPixels(pixels, new int[10], new(1, 8, 8), ["0", "1", "2"]);
        Assert.Equal(1 / 255f, InputScale(1), 1e-6f);
        Assert.Equal(0.2f / 255, InputScale(0.9), 1e-6f);

        float InputScale(double coverage)
        {
            var graph = Onnx.ModelProto.Parser.ParseFrom(ModelQuantizer.Quantize(model, images, new() { Coverage = coverage }).Onnx.Span).Graph;
            var scale = graph.Node.First(node => node.OpType == "QuantizeLinear").Input[1];
            return BitConverter.ToSingle(graph.Initializer.Single(tensor => tensor.Name == scale).RawData.Span);
        }
    }

    [Fact]
    public void What_can_not_be_quantized_is_said()
    {
        using var images = Images(4, 2, 1, seed: 1);
        using var coloured = Images(4, 2, 3, seed: 1);
        using var network = Sequential(Flatten(), Linear(4, 4));
        using var bare = Sequential(Flatten());
        var model = Package(network, ImagePreprocessing.ScaleOnly(2, 2, 1), 4);
        Assert.Contains("no Conv, Gemm or MatMul", Assert.Throws<NotSupportedException>(() => ModelQuantizer.Quantize(Package(bare, ImagePreprocessing.ScaleOnly(2, 2, 1), 4), images)).Message, StringComparison.Ordinal);
        Assert.StartsWith("the model is quantized already", Assert.Throws<ArgumentException>(() => ModelQuantizer.Quantize(ModelQuantizer.Quantize(model, images), images)).Message, StringComparison.Ordinal);
        Assert.StartsWith("4 images with 3 channels are given", Assert.Throws<ArgumentException>(() => ModelQuantizer.Quantize(model, coloured)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ModelQuantizer.Quantize(model, images, new() { Images = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModelQuantizer.Quantize(model, images, new() { Coverage = 0 }));
        network.parameters().First().detach().fill_(float.NaN);
        var broken = Package(Sequential(Flatten(), network, Linear(4, 4)), ImagePreprocessing.ScaleOnly(2, 2, 1), 4);
        Assert.Contains("is not finite", Assert.Throws<InvalidOperationException>(() => ModelQuantizer.Quantize(broken, images)).Message, StringComparison.Ordinal);
    }

    // The graph as ONNX Runtime runs it.
    private static Onnx.GraphProto Optimized(ReadOnlyMemory<byte> onnx, string path)
    {
        using var options = new SessionOptions
        {
            OptimizedModelFilePath = path,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using var session = new InferenceSession(onnx.ToArray(), options);
        return Onnx.ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph;
    }

    private static Dictionary<string, int> Kinds(Onnx.GraphProto graph) => graph.Node.CountBy(node => node.OpType).ToDictionary();

    private static byte[] Pixels(ImageSet images) => [.. Enumerable.Range(0, images.Count).SelectMany(i => images.Pixels(i).ToArray())];

    private static JsonObject Array(Tensor tensor) => PythonOracle.Array(tensor.ToArray<float>(), tensor.shape);
}
