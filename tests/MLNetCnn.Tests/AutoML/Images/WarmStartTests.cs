using MLNetCnn.AutoML;

namespace MLNetCnn.Tests.AutoML.Images;

public sealed class WarmStartTests
{
    private static readonly SearchSpace Space = new()
    {
        { "arch", new ChoiceOption("a", "b").When("b", new SearchSpace { { "width", new UniformIntOption(8, 64, defaultValue: 16) } }) },
        { "imageSize", new ChoiceOption(128, 224) },
        { "learningRate", new UniformDoubleOption(1e-4, 1e-1, logBase: true) },
    };

    [Fact]
    public void The_best_of_an_earlier_sweep_come_first_as_far_as_the_space_has_them()
    {
        var earlier = Sweep(
            Trial(0, 0.5, ("arch", "a"), ("imageSize", "224"), ("learningRate", "0.01")),
            Trial(1, 0.1, ("arch", "b"), ("width", "32"), ("imageSize", "96"), ("learningRate", "0.02"), ("dropout", "0.3")),
            Trial(2, null, ("arch", "a")));

        var first = WarmStart.From(earlier, Space);

        Assert.Equal(
            ["""{"arch":"b","width":32,"imageSize":128,"learningRate":0.02}""", """{"arch":"a","imageSize":224,"learningRate":0.01}"""],
            first.Select(parameter => parameter.ToString()));
        Assert.All(first, parameter => Assert.Empty(Space.Problems(parameter)));
    }

    private static SweepRecord Sweep(params TrialSummary[] trials) =>
        new() { Dataset = "photos", Settings = new(), Space = "", Seed = 0, Seconds = 1, Trials = trials, Runs = [] };

    private static TrialSummary Trial(int number, double? loss, params (string Name, string Value)[] chosen) => new(
        number, loss is null ? TrialState.Failed : TrialState.Finished, chosen.ToDictionary(pair => pair.Name, pair => pair.Value), 1 - loss, loss, 1, 0, 1, 0, [], "w", null);
}
