using MLNetCnn.Testing;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

public sealed class WeightAverageTests
{
    [Theory]
    [InlineData(0.9)]
    [InlineData(0.2)]
    public void The_average_is_the_exponential_mean_of_the_steps_quicker_at_first(double decay)
    {
        const int Steps = 20;
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        manual_seed(3);
        using var network = Linear(3, 2);
        using var average = new WeightAverage(network, decay);
        var weights = network.parameters().First();
        var seen = new List<float>(weights.ToArray<float>());
        for (var step = 0; step < Steps; step++)
        {
            weights.uniform_(-1, 1);
            seen.AddRange(weights.ToArray<float>());
            average.Update();
        }

        var expected = PythonOracle.Floats(PythonOracle.Run(
            """
            mean = inputs['seen'][0].copy()
            for t in range(1, len(inputs['seen'])):
                d = min(inputs['decay'], (1 + t) / (10 + t))
                mean = d * mean + (1 - d) * inputs['seen'][t]
            outputs = {'mean': mean.astype(np.float32)}
            """,
            new() { ["decay"] = decay, ["seen"] = PythonOracle.Array([.. seen], Steps + 1, 6) })["mean"]);
        var last = weights.ToArray<float>();
        average.Swap();
        Assert.Equal(expected, weights.ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
        average.Swap();
        Assert.Equal(last, weights.ToArray<float>());
    }
}
