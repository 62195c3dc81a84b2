using System.Text.Json.Nodes;

using MLNetCnn.AutoML;
using MLNetCnn.Testing;

using Parameter = MLNetCnn.AutoML.Parameter;

namespace MLNetCnn.Tests.AutoML;

/// <summary>Model-based tuners against random search on functions whose minima are known.</summary>
public class TunerEfficacyTests
{
    private static readonly TestFunction[] Functions = [TestFunction.Branin, TestFunction.Hartmann6, TestFunction.Mixed];

    [Fact]
    public void The_test_functions_have_their_published_minima()
    {
        var point = new Parameter([new("x", ParameterValue.From(Math.PI)), new("y", ParameterValue.From(2.275))]);
        Assert.Equal(TestFunction.Branin.Minimum, TestFunction.Branin.Loss(point), 1e-6);
        double[] hartmann = [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573];
        Assert.Equal(TestFunction.Hartmann6.Minimum, TestFunction.Hartmann6.Loss(new(hartmann.Index().Select(x => KeyValuePair.Create($"x{x.Index}", ParameterValue.From(x.Item))))), 1e-5);
    }

    // The margin: at most this share of random search's distance from the minimum, in the median of 30 paired seeds, and a one-sided
    // Wilcoxon signed-rank test (scipy's) below 0.01.
    [Theory]
    [InlineData("tpe", "Branin", 60, 0.25)]
    [InlineData("tpe", "Hartmann6", 80, 0.5)]
    [InlineData("tpe", "Mixed", 60, 0.5)]
    [InlineData("cfo", "Branin", 60, 0.25)]
    [InlineData("cfo", "Hartmann6", 80, 0.5)]
    [InlineData("cfo", "Mixed", 60, 0.5)]
    [InlineData("eci", "Mixed", 60, 0.5)]
    public void A_tuner_that_learns_gets_nearer_to_the_minimum_than_random_search(string name, string on, int trials, double margin)
    {
        var function = Functions.Single(function => function.Name == on);
        double[] Regrets(string tuner) => [.. Enumerable.Range(0, 30).Select(seed => Trying.Minimise(TunerCatalog.Create(tuner, function.Space, seed), function, trials) - function.Minimum)];
        var (random, learnt) = (Regrets("random"), Regrets(name));
        var answer = PythonOracle.Run("""
            import scipy.stats
            outputs = {'p': float(scipy.stats.wilcoxon(inputs['learnt'], inputs['random'], alternative='less').pvalue),
                       'share': float(np.median(inputs['learnt']) / np.median(inputs['random']))}
            """, new() { ["random"] = Json(random), ["learnt"] = Json(learnt) });
        var (p, share) = ((double)answer["p"]!, (double)answer["share"]!);
        TestContext.Current.SendDiagnosticMessage($"{name} on {on}: {share:P0} of random search's regret, p = {p:E1}");
        Assert.True(p < 0.01 && share <= margin, $"{name} on {on}: {share:P0} of random search's regret, p = {p:E1}");
    }

    private static JsonArray Json(double[] values) => [.. values.Select(value => JsonValue.Create(value))];
}
