using System.Text.Json.Nodes;
using MLNetCnn.Evaluation;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Evaluation;

public sealed class StatisticsTests
{
    [Fact]
    public void Wilson_intervals_equal_scipys()
    {
        (long Right, long Count)[] cases = [(0, 1), (1, 1), (1, 3), (3, 10), (50, 100), (0, 200), (200, 200), (9142, 10000), (10000, 10000)];
        var expected = PythonOracle.Run(
            """
            from scipy.stats import binomtest
            intervals = [binomtest(k, n).proportion_ci(0.95, 'wilson') for k, n in inputs['cases']]
            outputs = {'ends': [[i.low, i.high] for i in intervals]}
            """,
            new JsonObject { ["cases"] = Pairs(cases) })["ends"]!.AsArray();

        Assert.All(cases.Zip(expected), pair =>
        {
            var interval = WilsonInterval.Of((double)pair.First.Right / pair.First.Count, pair.First.Count);
            Assert.Equal((double)pair.Second![0]!, interval.Lower, 1e-9);
            Assert.Equal((double)pair.Second![1]!, interval.Upper, 1e-9);
        });
    }

    [Fact]
    public void McNemars_exact_p_is_scipys_binomial_test_and_the_mid_p_takes_off_one_point_probability()
    {
        (long First, long Second)[] cases = [(0, 0), (1, 0), (0, 6), (5, 5), (12, 3), (30, 52), (700, 900), (4000, 4100)];
        var expected = PythonOracle.Run(
            """
            from scipy.stats import binomtest, binom
            outputs = {'p': [[binomtest(b, b + c).pvalue if b + c else 1.0, binom.pmf(min(b, c), b + c, 0.5)] for b, c in inputs['cases']]}
            """,
            new JsonObject { ["cases"] = Pairs(cases) })["p"]!.AsArray();

        Assert.All(cases.Zip(expected), pair =>
        {
            var test = McNemarTest.Of((int)pair.First.First, (int)pair.First.Second);
            var (exact, point) = ((double)pair.Second![0]!, (double)pair.Second![1]!);
            Assert.Equal(exact, test.ExactPValue, 1e-9);
            // At a tie the observed point is one of the distribution, not one of either tail.
            Assert.Equal(pair.First switch { (0, 0) => 1, var (first, second) when first == second => 1 - (point / 2), _ => exact - point }, test.MidPValue, 1e-9);
        });
    }

    [Fact]
    public void McNemar_counts_the_images_that_only_one_run_names_right()
    {
        var test = McNemarTest.Run([true, true, false, false, true], [true, false, true, false, false]);

        Assert.Equal((2, 1), (test.OnlyFirstRight, test.OnlySecondRight));
        Assert.Throws<ArgumentException>(() => McNemarTest.Run([true], []));
    }

    [Fact]
    public void The_expected_calibration_error_is_the_mean_gap_over_15_bins()
    {
        var random = new Random(7);
        const int Images = 400;
        const int Classes = 5;
        var labels = Enumerable.Range(0, Images).Select(_ => random.Next(Classes)).ToArray();
        var probabilities = new float[Images * Classes];
        for (var image = 0; image < Images; image++)
        {
            var weights = Enumerable.Range(0, Classes).Select(_ => Math.Exp(5 * random.NextDouble())).ToArray();
            for (var index = 0; index < Classes; index++)
            {
                probabilities[(image * Classes) + index] = (float)(weights[index] / weights.Sum());
            }
        }

        var expected = PythonOracle.Run(
            """
            p, y = inputs['p'].astype(np.float64), inputs['y']
            confidence, right = p.max(1), p.argmax(1) == y
            edges = np.linspace(0, 1, 16)
            ece = mce = 0.0
            for low, high in zip(edges[:-1], edges[1:]):
                inside = (confidence > low) & (confidence <= high)
                if inside.any():
                    gap = abs(right[inside].mean() - confidence[inside].mean())
                    ece += inside.mean() * gap
                    mce = max(mce, gap)
            outputs = {'ece': ece, 'mce': mce}
            """,
            new JsonObject
            {
                ["p"] = PythonOracle.Array(probabilities, Images, Classes),
                ["y"] = PythonOracle.Array(labels.Select(label => (long)label).ToArray(), Images),
            });

        var error = CalibrationError.Measure(labels, probabilities, Classes);

        Assert.Equal((double)expected["ece"]!, error.Expected, 1e-9);
        Assert.Equal((double)expected["mce"]!, error.Maximum, 1e-9);
        Assert.Equal((15, Images), (error.Bins.Count, error.Bins.Sum(bin => bin.Count)));
    }

    [Fact]
    public void Confidence_1_and_right_is_calibrated_and_confidence_1_and_wrong_is_not()
    {
        Assert.Equal(0, CalibrationError.Measure([0, 1], [1f, 0f, 0f, 1f], 2).Expected);
        Assert.Equal(1, CalibrationError.Measure([1, 0], [1f, 0f, 0f, 1f], 2).Expected);
        Assert.Throws<ArgumentException>(() => CalibrationError.Measure([0], [7f, 1f], 2));
    }

    private static JsonArray Pairs((long, long)[] pairs) => new([.. pairs.Select(pair => (JsonNode)new JsonArray(pair.Item1, pair.Item2))]);
}
