using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

public sealed class WeightPenaltyTests
{
    [Theory]
    [InlineData(0.01, 0)]
    [InlineData(0, 0.02)]
    [InlineData(0.01, 0.02)]
    public void Gradient_and_value_are_those_of_the_loss_that_libtorch_differentiates(double l1, double l2)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var start = randn([7, 5]);
        var (whole, split) = (new Parameter(start.clone()), new Parameter(start.clone()));
        var loss = whole.mul(whole).mul(whole).sum();
        var expected = whole.abs().sum().mul(l1).add(whole.square().sum().mul(l2));
        loss.add(expected).mul(0.25).backward();

        split.mul(split).mul(split).sum().mul(0.25).backward();
        var value = new WeightPenalty([split], l1, l2).AddGradient(0.25);

        Assert.Equal(expected.ToDouble(), value.ToDouble(), 1e-4);
        Assert.True(whole.grad!.sub(split.grad!).abs().max().ToDouble() < 1e-5);
    }
}
