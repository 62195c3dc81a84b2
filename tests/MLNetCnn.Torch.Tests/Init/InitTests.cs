using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Tests.Init;

public sealed class InitTests
{
    // A convolution's weight: fan-in 64 × 9 = 576, fan-out 128 × 9 = 1152.
    private static readonly long[] Shape = [128, 64, 3, 3];

    public static TheoryData<string, double, double> Distributions => new()
    {
        // Name, standard deviation, largest absolute value allowed.
        { "kaiming_normal", Math.Sqrt(2.0 / 576), double.PositiveInfinity },
        { "kaiming_normal, fan-out", Math.Sqrt(2.0 / 1152), double.PositiveInfinity },
        { "kaiming_uniform", Math.Sqrt(2.0 / 576), Math.Sqrt(6.0 / 576) },
        { "kaiming_uniform, PyTorch's default", Math.Sqrt(1.0 / (3 * 576)), Math.Sqrt(1.0 / 576) },
        { "xavier_normal", Math.Sqrt(2.0 / 1728), double.PositiveInfinity },
        { "xavier_uniform", Math.Sqrt(2.0 / 1728), Math.Sqrt(6.0 / 1728) },
        { "lecun_normal", Math.Sqrt(1.0 / 576), 2 * Math.Sqrt(1.0 / 576) / 0.8796 },
        { "lecun_uniform", Math.Sqrt(1.0 / 576), Math.Sqrt(3.0 / 576) },
        { "he_normal", Math.Sqrt(2.0 / 576), 2 * Math.Sqrt(2.0 / 576) / 0.8796 },
        { "trunc_normal", 0.879626, 2 },
    };

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Weights_have_the_spread_and_the_bounds_of_their_distribution(string name, double deviation, double bound)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var weight = empty(Shape);
        _ = name switch
        {
            "kaiming_normal" => init.kaiming_normal_(weight),
            "kaiming_normal, fan-out" => init.kaiming_normal_(weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU),
            "kaiming_uniform" => init.kaiming_uniform_(weight, nonlinearity: init.NonlinearityType.ReLU),
            "kaiming_uniform, PyTorch's default" => init.kaiming_uniform_(weight, Math.Sqrt(5)),
            "xavier_normal" => init.xavier_normal_(weight),
            "xavier_uniform" => init.xavier_uniform_(weight),
            "lecun_normal" => init.lecun_normal_(weight),
            "lecun_uniform" => init.lecun_uniform_(weight),
            "he_normal" => init.he_normal_(weight),
            _ => init.trunc_normal_(weight),
        };
        var values = weight.ToArray<float>();
        var mean = values.Average(value => (double)value);
        Assert.Equal(0, mean, deviation * 0.02);
        Assert.Equal(deviation, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), deviation * 0.02);
        Assert.True(values.Max(Math.Abs) <= bound * 1.0001);
    }

    [Fact]
    public void Constants_fill_parameters_that_require_gradients_and_the_seed_repeats_numbers()
    {
        using var scope = NewDisposeScope();
        var weight = new Modules.Parameter(zeros([3, 2]));
        Assert.All(init.ones_(weight).ToArray<float>(), value => Assert.Equal(1, value));
        Assert.All(init.constant_(weight, 0.25).ToArray<float>(), value => Assert.Equal(0.25f, value));
        Assert.All(init.zeros_(weight).ToArray<float>(), value => Assert.Equal(0, value));
        manual_seed(5);
        var first = init.trunc_normal_(weight).ToArray<float>();
        manual_seed(5);
        Assert.Equal(first, init.trunc_normal_(weight).ToArray<float>());
        Assert.Contains("at least 2 dimensions", Assert.Throws<ArgumentException>(() => init.xavier_uniform_(zeros([3]))).Message, StringComparison.Ordinal);
    }
}
