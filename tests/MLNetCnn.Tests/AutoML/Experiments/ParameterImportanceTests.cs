using System.Globalization;

using MLNetCnn.AutoML;

namespace MLNetCnn.Tests.AutoML.Experiments;

public sealed class ParameterImportanceTests
{
    [Fact]
    public void What_decides_the_loss_is_named_first_and_chance_gets_nothing()
    {
        var random = new Random(3);
        var trials = Enumerable.Range(0, 200).Select(number =>
        {
            var (arch, rate, noise) = (random.Next(3), random.NextDouble(), random.NextDouble());
            return Trial(number, arch + (0.3 * rate), new()
            {
                ["arch"] = arch == 0 ? "a" : arch == 1 ? "b" : "c",
                ["rate"] = rate.ToString(CultureInfo.InvariantCulture),
                ["noise"] = noise.ToString(CultureInfo.InvariantCulture),
            });
        }).ToArray();

        var importances = ParameterImportance.Of(trials);

        Assert.Equal("arch", importances[0].Name);
        Assert.InRange(importances[0].Share, 0.95, 1);
        Assert.InRange(importances.Single(importance => importance.Name == "noise").Share, 0, 0.05);
    }

    [Fact]
    public void Parameters_that_some_trials_do_not_have_and_trials_without_a_loss_are_no_trouble()
    {
        TrialSummary[] trials =
        [
            Trial(0, 0.1, new() { ["mode"] = "frozen", ["dropout"] = "0.1" }),
            Trial(1, 0.2, new() { ["mode"] = "frozen", ["dropout"] = "0.2" }),
            Trial(2, 0.8, new() { ["mode"] = "scratch" }),
            Trial(3, 0.9, new() { ["mode"] = "scratch" }),
            Trial(4, null, new() { ["mode"] = "scratch" }),
        ];

        Assert.InRange(ParameterImportance.Of(trials).Single(importance => importance.Name == "mode").Share, 0.9, 1);
    }

    private static TrialSummary Trial(int number, double? loss, Dictionary<string, string> parameter) =>
        new(number, TrialState.Finished, parameter, 1 - loss, loss, 1, 0, 1, 0, [], "w", null);
}
