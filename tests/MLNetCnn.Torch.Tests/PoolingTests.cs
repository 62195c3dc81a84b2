using MLNetCnn.Testing;

namespace MLNetCnn.Torch.Tests;

/// <summary>The vectorised 2×2 pooling gives PyTorch's values and gradients: ties, odd sizes, NaN and infinities included.</summary>
public sealed class PoolingTests
{
    [Theory]
    [InlineData(2, 3, 8, 10)]
    [InlineData(1, 5, 7, 9)]
    [InlineData(3, 1, 2, 31)]
    public void Values_and_gradients_are_those_of_PyTorch(int n, int c, int h, int w)
    {
        var random = new Random(n + h + w);

        // Few distinct values: many ties.
        float[] values = [.. Enumerable.Range(0, n * c * h * w).Select(_ => random.Next(-2, 3) / 2f)];
        values[0] = float.PositiveInfinity;
        values[^1] = float.NegativeInfinity;
        var expected = PythonOracle.Run(
            """
            import torch
            import torch.nn.functional as F
            outputs = {}
            for name, pool in (('max', lambda x: F.max_pool2d(x, [2L])), ('avg', lambda x: F.avg_pool2d(x, [2L]))):
                x = torch.from_numpy(inputs['x']).requires_grad_()
                y = pool(x)
                y.backward(torch.arange(y.numel(), dtype=torch.float32).reshape(y.shape))
                outputs[name], outputs[name + '_grad'] = y, x.grad
            """,
            new() { ["x"] = PythonOracle.Array(values, n, c, h, w) });
        foreach (var (name, pool) in new (string, Func<Tensor, Tensor>)[] { ("max", x => nn.functional.max_pool2d(x, [2L])), ("avg", x => nn.functional.avg_pool2d(x, [2L])) })
        {
            using var scope = NewDisposeScope();
            var x = tensor<float>(values, [n, c, h, w]).requires_grad_();
            var y = pool(x);
            y.backward(arange(y.numel(), ScalarType.Float32).reshape(y.shape));
            Assert.Equal(PythonOracle.Floats(expected[name]), y.ToArray<float>());
            Assert.Equal(PythonOracle.Floats(expected[name + "_grad"]), x.grad!.ToArray<float>());
        }
    }

    [Fact]
    public void A_maximum_over_NaN_is_NaN_wherever_it_stands()
    {
        for (var place = 0; place < 4; place++)
        {
            using var scope = NewDisposeScope();
            float[] values = [1, 2, 3, 4];
            values[place] = float.NaN;
            Assert.True(float.IsNaN(nn.functional.max_pool2d(tensor<float>(values, [1, 1, 2, 2]), [2L]).item<float>()));
        }
    }
}
