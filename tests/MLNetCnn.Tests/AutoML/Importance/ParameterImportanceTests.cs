using System.Globalization;
using System.Text.Json.Nodes;

using MLNetCnn.AutoML;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.AutoML.Importance;

public sealed class ParameterImportanceTests
{
    [Fact]
    public void Shares_are_those_of_the_function_that_made_the_losses_and_near_scikit_learns()
    {
        var random = new Random(3);
        var points = Enumerable.Range(0, 400).Select(_ => (Arch: random.Next(3), Rate: random.NextDouble(), Noise: random.NextDouble())).ToArray();
        var losses = points.Select(point => point.Arch + (2 * point.Rate)).ToArray();
        var trials = points.Zip(losses).Select((pair, number) => Trial(number, pair.Second, new()
        {
            ["arch"] = "abc"[pair.First.Arch].ToString(),
            ["rate"] = pair.First.Rate.ToString(CultureInfo.InvariantCulture),
            ["noise"] = pair.First.Noise.ToString(CultureInfo.InvariantCulture),
        })).ToArray();
        var expected = PythonOracle.Run(
            """
            import numpy as np
            from sklearn.ensemble import RandomForestRegressor
            from sklearn.inspection import permutation_importance
            arch, y = np.array(inputs['arch']), np.array(inputs['losses'])
            x = np.column_stack([arch == 0, arch == 1, arch == 2, inputs['rate'], inputs['noise']]).astype(float)
            half = len(y) // 2
            forest = RandomForestRegressor(100, min_samples_leaf=3, random_state=0).fit(x[:half], y[:half])
            scored = permutation_importance(forest, x[half:], y[half:], scoring='neg_mean_squared_error', n_repeats=30, random_state=0)
            outputs = {'shares': (scored.importances_mean[3:] / (2 * y[half:].var())).tolist()}
            """,
            new JsonObject
            {
                ["arch"] = new JsonArray([.. points.Select(point => (JsonNode)point.Arch)]),
                ["rate"] = new JsonArray([.. points.Select(point => (JsonNode)point.Rate)]),
                ["noise"] = new JsonArray([.. points.Select(point => (JsonNode)point.Noise)]),
                ["losses"] = new JsonArray([.. losses.Select(loss => (JsonNode)loss)]),
            });

        var found = ParameterImportance.Of(trials);

        // The variance of 0, 1 and 2 is 2/3; that of twice a uniform number 1/3.
        double Share(string name) => found.Single(importance => importance.Name == name).Share;
        Assert.Equal(["arch", "rate", "noise"], found.Select(importance => importance.Name));
        Assert.Equal(2 / 3.0, Share("arch"), 0.08);
        Assert.Equal(1 / 3.0, Share("rate"), 0.08);
        Assert.Equal((double)expected["shares"]![0]!, Share("rate"), 0.06);
        Assert.Equal((double)expected["shares"]![1]!, Share("noise"), 0.01);
    }

    [Fact]
    public void What_matters_only_together_is_found_and_missing_parameters_and_losses_are_no_trouble()
    {
        var random = new Random(5);
        var trials = Enumerable.Range(0, 200).Select(number =>
        {
            var (frozen, adam) = (random.Next(2) == 0, random.Next(2) == 0);
            var parameter = new Dictionary<string, string> { ["mode"] = frozen ? "frozen" : "scratch", ["optimizer"] = adam ? "adam" : "sgd", ["same"] = "1" };
            if (frozen)
            {
                parameter["dropout"] = random.NextDouble().ToString(CultureInfo.InvariantCulture);
            }

            return Trial(number, number % 50 == 49 ? null : frozen == adam ? 0.1 : 0.9, parameter);
        }).ToArray();

        var found = ParameterImportance.Of(trials);

        Assert.Equal(["mode", "optimizer"], found.Take(2).Select(importance => importance.Name).Order());
        Assert.All(found.Take(2), importance => Assert.True(importance.Share > 0.5));
        Assert.True(found.Single(importance => importance.Name == "dropout").Share < 0.35);
        Assert.DoesNotContain(found, importance => importance.Name == "same");
        Assert.Empty(ParameterImportance.Of([.. trials.Take(9)]));
    }

    private static TrialSummary Trial(int number, double? loss, Dictionary<string, string> parameter) =>
        new(number, TrialState.Finished, parameter, 1 - loss, loss, 1, 0, 1, 0, [], "w", null);
}
