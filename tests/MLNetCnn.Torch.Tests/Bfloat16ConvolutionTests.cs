namespace MLNetCnn.Torch.Tests;

/// <summary>Training convolutions in bfloat16 have the values and gradients of libtorch's own in float32, but for rounding.</summary>
public sealed class Bfloat16ConvolutionTests
{
    [Theory]
    [InlineData(new long[] { 3, 20, 6, 5 }, new long[] { 7, 20, 1, 1 }, 1, 0, 1)]
    [InlineData(new long[] { 3, 20, 7, 6 }, new long[] { 7, 20, 1, 1 }, 2, 0, 1)]
    [InlineData(new long[] { 2, 516, 5, 4 }, new long[] { 9, 516, 3, 3 }, 1, 1, 1)]
    [InlineData(new long[] { 2, 516, 8, 7 }, new long[] { 9, 516, 3, 3 }, 2, 1, 1)]
    [InlineData(new long[] { 2, 512, 9, 9 }, new long[] { 9, 512, 3, 2 }, 1, 2, 2)]
    [InlineData(new long[] { 40, 512, 20, 20 }, new long[] { 8, 512, 3, 3 }, 1, 1, 1)] // in several parts
    [InlineData(new long[] { 128, 8, 1, 1 }, new long[] { 4, 8, 1, 1 }, 1, 0, 1)] // too few products for oneDNN
    [InlineData(new long[] { 4, 3, 6, 6 }, new long[] { 8, 3, 1, 1 }, 1, 0, 1)]
    [InlineData(new long[] { 2, 16, 9, 9 }, new long[] { 9, 16, 3, 3 }, 1, 1, 1)] // libtorch's
    [InlineData(new long[] { 2, 16, 9, 9 }, new long[] { 9, 16, 1, 1 }, 1, 1, 1)] // libtorch's
    public void Values_and_gradients_are_those_of_float32(long[] shape, long[] filters, long stride, long padding, long dilation)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var (images, weights, biases) = (Rounded(shape), Rounded(filters), Rounded(filters[0]));
        foreach (var biased in new[] { true, false })
        {
            var exact = Gradients(biased, half: false);
            var half = Gradients(biased, half: true);
            Assert.Equal(exact.Count, half.Count);
            foreach (var (name, value) in exact)
            {
                Assert.Equal(value.shape, half[name].shape);
                var off = half[name].to(ScalarType.Float32).sub(value).abs().max().ToDouble() / value.abs().max().ToDouble();
                Assert.True(off < 0.01, $"{name} is off by {off:P1} of the largest");
            }
        }

        Dictionary<string, Tensor> Gradients(bool biased, bool half)
        {
            var (x, w, b) = (Leaf(images), Leaf(weights), biased ? Leaf(biases) : null);
            using var cast = autocast(CPU, enabled: half);
            var y = nn.functional.conv2d(x, w, b, [stride, stride], [padding, padding], [dilation, dilation]);
            Assert.Equal(half ? ScalarType.BFloat16 : ScalarType.Float32, y.dtype);
            y.backward(tensor([.. Enumerable.Range(0, (int)y.numel()).Select(k => 1f - (k % 7))], y.shape).to(y.dtype));
            var found = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["y"] = y.detach(), ["gradient of x"] = x.grad!, ["gradient of w"] = w.grad! };
            if (b is not null)
            {
                found["gradient of b"] = b.grad!;
            }

            return found;
        }
    }

    [Fact]
    public void An_input_without_gradient_is_given_none()
    {
        using var scope = NewDisposeScope();
        var (x, w) = (Rounded(2, 8, 5, 5), Leaf(Rounded(4, 8, 1, 1)));
        using var cast = autocast(CPU);
        nn.functional.conv2d(x, w).sum().backward();
        var expected = x.sum([0, 2, 3]).reshape(1, 8, 1, 1).expand(4, 8, 1, 1);
        Assert.True(w.grad!.sub(expected).abs().max().ToDouble() < 0.01 * expected.abs().max().ToDouble());
        Assert.Null(x.grad);
    }

    // Numbers that bfloat16 has.
    private static Tensor Rounded(params long[] shape) => randn(shape).to(ScalarType.BFloat16).to(ScalarType.Float32);

    private static Tensor Leaf(Tensor values) => values.detach().clone().requires_grad_();
}
