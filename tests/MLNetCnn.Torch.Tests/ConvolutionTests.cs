using System.Diagnostics;
using System.Text.Json.Nodes;
using MLNetCnn.Testing;

namespace MLNetCnn.Torch.Tests;

/// <summary>Convolutions that libtorch's own do not compute give PyTorch's values and gradients, whichever vectors compute them.</summary>
public sealed class ConvolutionTests
{
    private const string Python = """
        import torch
        import torch.nn.functional as F
        outputs = {}
        for name, case in inputs.items():
            x, w, b = (torch.from_numpy(case[k]).requires_grad_() for k in 'xwb')
            call = F.conv_transpose2d if case['transposed'] else F.conv2d
            y = call(x, w, b, padding=case['padding'], stride=case['stride'])
            (y * (1 + torch.arange(y.numel()) % 7).reshape(y.shape)).sum().backward()
            outputs[name] = {'y': y, 'x': x.grad, 'w': w.grad, 'b': b.grad}
        """;

    /// <summary>Channel counts around the kernels' block widths, planes around their vectors' lengths, one image and several chunks.</summary>
    private static readonly (long[] X, long[] W, long[] Padding, bool Transposed, long Stride)[] Cases =
    [
        ([2, 1, 28, 28], [6, 1, 5, 5], [2, 2], false, 1),
        ([3, 6, 14, 14], [16, 6, 5, 5], [0, 0], false, 1),
        ([5, 5, 9, 11], [7, 5, 3, 5], [1, 2], false, 1),
        ([1, 3, 2, 2], [1, 3, 2, 1], [1, 0], false, 1),
        ([2, 15, 4, 3], [32, 15, 1, 1], [0, 0], false, 1),
        ([70, 2, 20, 20], [9, 2, 3, 3], [2, 1], false, 1),
        ([2, 1, 28, 28], [1, 32, 3, 3], [0, 0], true, 1),
        ([3, 7, 5, 6], [7, 5, 3, 5], [1, 2], true, 1),
        ([9, 17, 3, 3], [17, 3, 2, 2], [0, 1], true, 1),
        // One pixel comes out: of one, of a corner of the kernel, of a corner of the image, of all.
        ([4, 20, 1, 1], [24, 20, 3, 3], [1, 1], false, 1),
        ([4, 20, 2, 2], [8, 20, 3, 3], [1, 1], false, 2),
        ([3, 17, 2, 3], [5, 17, 1, 1], [0, 0], false, 3),
        ([2, 16, 2, 1], [6, 16, 4, 3], [1, 1], false, 1),
        ([3, 16, 5, 5], [12, 16, 5, 5], [0, 0], false, 1),
        // Few positions of many channels: kernels that reach beyond the map on all sides, that leave parts of it out, that are points.
        ([8, 64, 2, 2], [64, 64, 3, 3], [1, 1], false, 1),
        ([9, 65, 4, 3], [70, 65, 3, 3], [1, 1], false, 2),
        ([8, 64, 4, 4], [66, 64, 5, 3], [2, 1], false, 1),
        ([8, 64, 6, 6], [64, 64, 2, 2], [0, 0], false, 3),
        ([8, 64, 3, 5], [64, 64, 1, 1], [0, 0], false, 2),
        // By minimal filtering: whole tiles, tiles that reach beyond the map, no padding or some, channels that fill no block.
        ([3, 32, 8, 8], [48, 32, 3, 3], [1, 1], false, 1),
        ([2, 64, 7, 9], [32, 64, 3, 3], [1, 1], false, 1),
        ([2, 96, 10, 7], [64, 96, 3, 3], [0, 1], false, 1),
        ([2, 33, 9, 12], [41, 33, 3, 3], [1, 0], false, 1),
    ];

    [Fact]
    public void Values_and_gradients_are_those_of_PyTorch()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var tensors = Cases.Select(c => (X: randn(c.X), W: randn(c.W), B: randn([c.Transposed ? c.W[1] : c.W[0]]))).ToList();
        var request = new JsonObject();
        for (var i = 0; i < Cases.Length; i++)
        {
            request[$"{i}"] = new JsonObject
            {
                ["x"] = Near.Pack(tensors[i].X),
                ["w"] = Near.Pack(tensors[i].W),
                ["b"] = Near.Pack(tensors[i].B),
                ["padding"] = new JsonArray([.. Cases[i].Padding.Select(p => JsonValue.Create(p))]),
                ["transposed"] = Cases[i].Transposed,
                ["stride"] = Cases[i].Stride,
            };
        }

        var expected = PythonOracle.Run(Python, request);
        var threads = get_num_threads();
        try
        {
            foreach (var (count, format) in new[] { (1, memory_format.contiguous_format), (2, memory_format.contiguous_format), (1, memory_format.channels_last), (2, memory_format.channels_last) })
            {
                set_num_threads(count);
                for (var i = 0; i < Cases.Length; i++)
                {
                    var (x, w, b) = (Leaf(tensors[i].X, format), Leaf(tensors[i].W, format), Leaf(tensors[i].B));
                    var y = Call(Cases[i].Transposed, x, w, b, Cases[i].Padding, Cases[i].Stride);
                    y.backward(tensor([.. Enumerable.Range(0, (int)y.numel()).Select(k => 1f + (k % 7))], y.shape));
                    var setup = $"case {i}, {count} threads, {format}";
                    Near.Equal(expected[$"{i}"]!["y"], y, setup);
                    Near.Equal(expected[$"{i}"]!["x"], x.grad!, $"{setup}: gradient of the input");
                    Near.Equal(expected[$"{i}"]!["w"], w.grad!, $"{setup}: gradient of the weight");
                    Near.Equal(expected[$"{i}"]!["b"], b.grad!, $"{setup}: gradient of the bias");
                }
            }
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Theory]
    [InlineData("avx2")]
    [InlineData("default")]
    public void Narrower_vectors_give_the_same(string capability)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-method", $"{typeof(ConvolutionTests).FullName}.{nameof(Values_and_gradients_are_those_of_PyTorch)}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["ATEN_CPU_CAPABILITY"] = capability;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && output.Contains("Total: 1", StringComparison.Ordinal), output);
    }

    [Theory]
    [InlineData(2, 3, 6, 4, memory_format.contiguous_format)]
    [InlineData(8, 64, 4, 64, memory_format.channels_last)]
    [InlineData(3, 5, 3, 4, memory_format.contiguous_format)]
    [InlineData(2, 32, 6, 32, memory_format.channels_last)]
    public void A_gradient_has_a_gradient(long images, long inputs, long side, long outputs, memory_format format)
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        var (x, w, b) = (Leaf(randn([images, inputs, side, side]), format), Leaf(randn([outputs, inputs, 3, 3]), format), Leaf(randn([outputs])));
        var expected = PythonOracle.Run(
            """
            import torch
            x, w, b = (torch.from_numpy(inputs[k]).requires_grad_() for k in 'xwb')
            torch.nn.functional.conv2d(x, w, b).pow(3).sum().backward(create_graph=True)
            gx, gw = x.grad, w.grad
            x.grad = None
            w.grad = None
            (gx.pow(2).sum() + gw.pow(2).sum()).backward()
            outputs = {'x': x.grad, 'w': w.grad}
            """,
            new() { ["x"] = Near.Pack(x), ["w"] = Near.Pack(w), ["b"] = Near.Pack(b) });
        nn.functional.conv2d(x, w, b).pow(3).sum().backward(create_graph: true);
        var (ofX, ofW) = (x.grad!, w.grad!);
        x.grad = null;
        w.grad = null;
        ofX.pow(2).sum().add(ofW.pow(2).sum()).backward();
        Near.Equal(expected["x"], x.grad!, "gradient of the gradients by the input");
        Near.Equal(expected["w"], w.grad!, "gradient of the gradients by the weight");
    }

    private static Tensor Leaf(Tensor values, memory_format format = memory_format.contiguous_format) => values.detach().clone().contiguous(format).requires_grad_();

    private static Tensor Call(bool transposed, Tensor x, Tensor w, Tensor b, long[] padding, long stride) => transposed
        ? nn.functional.conv_transpose2d(x, w, b, strides: [stride, stride], padding: padding)
        : nn.functional.conv2d(x, w, b, strides: [stride, stride], padding: padding);

    /// <summary>oneDNN 2.6 writes beyond the gradient of their weights.</summary>
    [Theory]
    [InlineData(4, 8)]
    [InlineData(8, 16)]
    [InlineData(9, 18)]
    public void Strided_points_of_few_channels_have_the_gradients_of_what_the_strides_keep(long inputs, long outputs)
    {
        using var scope = NewDisposeScope();
        manual_seed(9);
        var x = randn([16, inputs, 57, 56]).contiguous(memory_format.channels_last).requires_grad_();
        var w = randn([outputs, inputs, 1, 1]).contiguous(memory_format.channels_last).requires_grad_();
        for (var round = 0; round < 20; round++)
        {
            using var step = NewDisposeScope();
            var y = nn.functional.conv2d(x, w, null, strides: [2, 2], padding: [0, 0]);
            Assert.Equal([16, outputs, 29, 28], y.shape);
            y.sum().backward();
        }

        using var untracked = no_grad();
        var kept = x.slice(2, 0, 57, 2).slice(3, 0, 56, 2).sum([0, 2, 3]).mul(20);
        Assert.True(w.grad!.view(outputs, inputs).sub(kept).abs().max().ToDouble() < 0.02);
        Assert.Equal(20 * w.to(ScalarType.Float64).sum().ToDouble() * 16 * 29 * 28, x.grad!.to(ScalarType.Float64).sum().ToDouble(), 1.0);
    }

    /// <summary>Minimal filtering multiplies a quarter as often, and rounds more; against numbers of twice the length it may be off by little.</summary>
    [Theory]
    [InlineData(6, 128, 15, 96)]
    [InlineData(32, 64, 56, 64)]
    public void Training_by_minimal_filtering_is_as_exact_as_float_allows(long count, long channels, long size, long filters)
    {
        using var scope = NewDisposeScope();
        manual_seed(8);
        var (images, weights, biases) = (randn([count, channels, size, size + 1]), randn([filters, channels, 3, 3]), randn([filters]));
        var exact = Gradients(ScalarType.Float64);
        var found = Gradients(ScalarType.Float32);
        foreach (var (value, wanted) in found.Zip(exact))
        {
            Assert.Equal(wanted.shape, value.shape);
            var off = value.to(ScalarType.Float64).sub(wanted).abs().max().ToDouble() / wanted.abs().max().ToDouble();
            Assert.True(off < 2e-5, $"off by {off:E1} of the largest");
        }

        Tensor[] Gradients(ScalarType type)
        {
            var (x, w, b) = (Leaf(images), Leaf(weights), Leaf(biases));
            var y = nn.functional.conv2d(x, w, b, padding: [1, 1]);
            Assert.True(y.is_contiguous());
            y.backward(tensor([.. Enumerable.Range(0, (int)y.numel()).Select(k => 1f - (k % 7))], y.shape).to(type));
            return [y, x.grad!, w.grad!, b.grad!];

            Tensor Leaf(Tensor values) => values.to(type).detach().clone().requires_grad_();
        }
    }
}
