using MLNetCnn.Torch.Modules;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Tests;

/// <summary>
/// Channels last, BatchNorm, a shortcut and a rectifier run as one pass; in the other layout they are libtorch's own operations. Both
/// have the same values, gradients and running statistics.
/// </summary>
public sealed class BatchNormTests
{
    public enum After
    {
        Nothing,
        ReLU,
        ReLU6,
        Shortcut,
    }

    public static TheoryData<bool, After, bool, bool> Cases => new(
        from training in new[] { true, false }
        from trained in new[] { true, false }
        from after in Enum.GetValues<After>()
        from half in new[] { true, false }
        select (training, after, trained, half));

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_pass_gives_what_separate_operations_give(bool training, After after, bool trained, bool half)
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        // A rest that is no multiple of four rows, channels that fill no vector, numbers that bfloat16 has.
        var images = randn([5, 21, 9, 7]).mul(3).add(randn([1, 21, 1, 1]).mul(40)).to(ScalarType.BFloat16).to(ScalarType.Float32);
        var shortcut = randn([5, 21, 9, 7]).to(ScalarType.BFloat16).to(ScalarType.Float32);
        var expected = Run(images, shortcut, memory_format.contiguous_format, training, after, trained, half: false);
        var found = Run(images, shortcut, memory_format.channels_last, training, after, trained, half);
        foreach (var (name, value) in expected)
        {
            var off = found[name].to(ScalarType.Float32).sub(value).abs().max().ToDouble() / Math.Max(1e-3, value.abs().max().ToDouble());
            Assert.True(off < (half ? 0.02 : 2e-5), $"{name} is off by {off:P3} of the largest");
        }

        Assert.Equal((after == After.Shortcut, trained), (found.ContainsKey("gradient of shortcut"), found.ContainsKey("gradient of weight")));
    }

    [Fact]
    public void Many_channels_and_many_rows_are_summed_exactly()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        foreach (var shape in new long[][] { [2, 2048, 6, 6], [64, 16, 40, 40] })
        {
            // A mean thousand times as large as the deviation: sums of squares alone would lose the variance.
            var images = randn(shape).add(1000);
            using var norm = BatchNorm2d(shape[1]);
            var found = norm.call(images.contiguous(memory_format.channels_last));
            var wide = images.to(ScalarType.Float64);
            var mean = wide.mean([0, 2, 3], keepdim: true);
            var variance = wide.sub(mean).square().mean([0, 2, 3], keepdim: true);
            var expected = wide.sub(mean).div(variance.add(1e-5).sqrt());
            Assert.True(found.to(ScalarType.Float64).sub(expected).abs().max().ToDouble() < 2e-3);
            Assert.True(found.to(ScalarType.Float64).var([0, 2, 3], unbiased: false).sub(1).abs().max().ToDouble() < 1e-4);
        }
    }

    [Fact]
    public void Results_do_not_depend_on_the_threads()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var images = randn([8, 32, 33, 31]);
        var before = get_num_threads();
        try
        {
            set_num_threads(1);
            var one = Run(images, images, memory_format.channels_last, training: true, After.Shortcut, trained: true, half: false);
            set_num_threads(Math.Max(2, before));
            var two = Run(images, images, memory_format.channels_last, training: true, After.Shortcut, trained: true, half: false);
            Assert.All(one, pair => Assert.Equal(pair.Value.ToArray<float>(), two[pair.Key].ToArray<float>()));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_not_finite_is_never_silenced(float value)
    {
        using var scope = NewDisposeScope();
        using var norm = BatchNorm2d(8);
        norm.eval();
        var x = full([2, 8, 3, 3], value).contiguous(memory_format.channels_last).requires_grad_();
        var y = Chain.Run(x, norm, ReLU());
        Assert.Equal(value, y.max().ToSingle());
        y.backward(full(y.shape, value).contiguous(memory_format.channels_last));
        Assert.False(float.IsFinite(x.grad!.max().ToSingle()));
    }

    [Fact]
    public void A_watched_layer_runs_alone()
    {
        using var scope = NewDisposeScope();
        using var relu = ReLU();
        using var net = Sequential(BatchNorm2d(4), relu);
        var smallest = double.NaN;
        var before = net.call(ones([2, 4, 3, 3]).contiguous(memory_format.channels_last));
        using (((BatchNorm2d)net[0]).register_forward_hook((_, _, output) =>
        {
            smallest = output.min().ToDouble();
            return output.sub(1);
        }))
        {
            var after = net.call(randn([2, 4, 3, 3]).contiguous(memory_format.channels_last));
            Assert.True(smallest < 0);
            Assert.True(after.min().ToDouble() == 0);
        }

        Assert.Equal(0, before.abs().max().ToDouble());
    }

    private static Dictionary<string, Tensor> Run(Tensor images, Tensor added, memory_format layout, bool training, After after, bool trained, bool half)
    {
        manual_seed(11);
        using var norm = BatchNorm2d(images.shape[1], eps: 1e-3, momentum: 0.3);
        using var relu = ReLU(inplace: true);
        using var six = ReLU6(inplace: true);
        using (no_grad())
        {
            norm.weight!.copy_(rand([images.shape[1]]).add(0.5));
            norm.bias!.copy_(randn([images.shape[1]]));
            norm.running_mean!.copy_(images.mean([0, 2, 3]).add(0.1));
            norm.running_var!.copy_(rand([images.shape[1]]).add(8));
        }

        norm.train(training);
        norm.requires_grad_(trained);
        var (x, shortcut) = (Leaf(images, layout, half), Leaf(added, layout, half));
        var y = after switch
        {
            After.Nothing => Chain.Run(x, norm),
            After.ReLU => Chain.Run(x, norm, relu),
            After.ReLU6 => Chain.Run(x, norm, six),
            _ => Chain.RunResidual(x, norm, shortcut, relu),
        };
        Assert.Equal(x.dtype, y.dtype);
        var weights = tensor([.. Enumerable.Range(0, (int)y.numel()).Select(k => 1f - (k % 7 / 4f))], y.shape);
        y.backward(weights.to(y.dtype).contiguous(layout));
        var found = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["y"] = y.detach().contiguous(),
            ["gradient of x"] = x.grad!.contiguous(),
            ["running mean"] = norm.running_mean!.clone(),
            ["running variance"] = norm.running_var!.clone(),
        };
        if (norm.weight!.grad is { } ofWeight)
        {
            (found["gradient of weight"], found["gradient of bias"]) = (ofWeight.clone(), norm.bias!.grad!.clone());
        }

        if (shortcut.grad is { } ofShortcut)
        {
            found["gradient of shortcut"] = ofShortcut.contiguous();
        }

        return found;
    }

    private static Tensor Leaf(Tensor values, memory_format layout, bool half) =>
        values.detach().clone().contiguous(layout).to(half ? ScalarType.BFloat16 : ScalarType.Float32).requires_grad_();
}
