using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

public sealed class WeightPenaltyTests
{
    [Theory]
    [InlineData(0.01, 0, false)]
    [InlineData(0, 0.02, false)]
    [InlineData(0.01, 0.02, false)]
    [InlineData(0.01, 0.02, true)]
    public void Gradient_and_value_are_those_of_the_loss_that_libtorch_differentiates(double l1, double l2, bool fromElsewhere)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var start = randn([7, 5]);
        var (whole, split) = (new Parameter(start.clone()), new Parameter(start.clone()));
        var origin = fromElsewhere ? randn([7, 5]) : zeros([7, 5]);
        var away = whole.sub(origin);
        var loss = whole.mul(whole).mul(whole).sum();
        var expected = away.abs().sum().mul(l1).add(away.square().sum().mul(l2));
        loss.add(expected).mul(0.25).backward();

        split.mul(split).mul(split).sum().mul(0.25).backward();
        var value = new WeightPenalty([split], l1, l2, fromElsewhere ? [origin] : null).AddGradient(0.25);

        Assert.Equal(expected.ToDouble(), value.ToDouble(), 1e-4);
        Assert.True(whole.grad!.sub(split.grad!).abs().max().ToDouble() < 1e-5);
    }
}
