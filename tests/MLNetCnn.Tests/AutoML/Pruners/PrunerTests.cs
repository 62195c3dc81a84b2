using System.Text.Json.Nodes;

using MLNetCnn.AutoML;
using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.AutoML;

/// <summary>What every pruner must do, and what each alone.</summary>
public class PrunerTests
{
    private const int Steps = 27;

    public static TheoryData<string> Pruners => [.. PrunerCatalog.Names];

    [Theory]
    [MemberData(nameof(Pruners))]
    public void The_best_goes_on_and_the_worst_does_not(string name)
    {
        var pruner = PrunerCatalog.Create(name, Steps);
        var others = Enumerable.Range(0, 60).Select(trial => Falling(trial, 1 + (trial / 60.0), TrialState.Finished)).ToList();
        Assert.DoesNotContain(Enumerable.Range(1, Steps), step => pruner.Prune(Upto(Falling(60, 0.5), step), others));
        // Flat and high: the worst by every measure.
        var worst = new TrialCurve(61, TrialState.Running, [.. Enumerable.Repeat(9.0, Steps)]);
        Assert.Contains(Enumerable.Range(1, Steps), step => pruner.Prune(Upto(worst, step), others));
    }

    [Theory]
    [MemberData(nameof(Pruners))]
    public void A_first_trial_that_improves_goes_on(string name)
    {
        var pruner = PrunerCatalog.Create(name, Steps);
        Assert.DoesNotContain(Enumerable.Range(0, Steps + 1), step => pruner.Prune(Upto(Falling(0, 9), step), []));
    }

    [Theory]
    [MemberData(nameof(Pruners))]
    public void What_comes_out_depends_on_the_curves_alone(string name)
    {
        var (pruner, random) = (PrunerCatalog.Create(name, Steps), new SeededRandom(1));
        for (var round = 0; round < 40; round++)
        {
            var others = Enumerable.Range(0, 30).Select(trial => Random(trial, random)).ToArray();
            var trial = Random(30, random);
            var answers = Enumerable.Range(1, trial.Losses.Count).Select(step => pruner.Prune(Upto(trial, step), others)).ToList();
            random.Shuffle(others.AsSpan());
            // The trial itself among the others, as a store lists it, changes nothing.
            TrialCurve[] listed = [.. others, trial with { State = TrialState.Finished, Losses = [.. Enumerable.Repeat(-1.0, Steps)] }];
            Assert.Equal(answers, Enumerable.Range(1, trial.Losses.Count).Select(step => PrunerCatalog.Create(name, Steps).Prune(Upto(trial, step), listed)));
        }
    }

    [Fact]
    public void The_percentile_is_numpys()
    {
        var random = new SeededRandom(2);
        foreach (var percentile in new[] { 10.0, 25, 50, 62.5 })
        {
            var losses = Enumerable.Range(0, 7 + random.NextInt(20)).Select(_ => random.NextDouble()).ToArray();
            var threshold = (double)PythonOracle.Run("outputs = {'at': float(np.percentile(inputs['losses'], inputs['q']))}", new()
            {
                ["losses"] = new JsonArray([.. losses.Select(loss => JsonValue.Create(loss))]),
                ["q"] = percentile,
            })["at"]!;
            var pruner = new PercentilePruner(percentile);
            var others = losses.Select((loss, trial) => new TrialCurve(trial, TrialState.Finished, [loss])).ToList();
            Assert.False(pruner.Prune(new TrialCurve(99, TrialState.Running, [threshold - 1e-9]), others));
            Assert.True(pruner.Prune(new TrialCurve(99, TrialState.Running, [threshold + 1e-9]), others));
            Assert.False(new PercentilePruner(percentile, warmupSteps: 1).Prune(new TrialCurve(99, TrialState.Running, [9]), others));
            Assert.False(new PercentilePruner(percentile, startupTrials: 99).Prune(new TrialCurve(99, TrialState.Running, [9]), others));
        }
    }

    [Fact]
    public void Of_many_trials_that_arrive_in_any_order_asha_lets_about_a_third_past_each_rung()
    {
        var (pruner, random) = (new SuccessiveHalvingPruner(minimumSteps: 1), new SeededRandom(3));
        var curves = new List<TrialCurve>();
        for (var trial = 0; trial < 900; trial++)
        {
            var whole = Falling(trial, 1 + random.NextDouble());
            var last = Enumerable.Range(1, Steps).FirstOrDefault(step => pruner.Prune(Upto(whole, step), curves), Steps);
            curves.Add(Upto(whole, last));
        }

        Assert.Equal([1, 3, 9, 27], curves.Select(curve => curve.Losses.Count).Distinct().Order());
        foreach (var rung in new[] { 1, 3, 9 })
        {
            Assert.InRange(curves.Count(curve => curve.Losses.Count > rung) / (double)curves.Count(curve => curve.Losses.Count >= rung), 0.3, 0.4);
        }

        Assert.Equal(Steps, curves.MinBy(curve => curve.At(1))!.Losses.Count);
    }

    [Fact]
    public void Hyperbands_brackets_share_trials_out_as_in_the_paper()
    {
        var pruner = new HyperbandPruner(maximumSteps: 81);
        // Table 1 of the paper in its later form: 81, 34, 15, 8 and 5 trials.
        double[] expected = [81, 34, 15, 8, 5];
        Assert.Equal(5, pruner.Brackets);
        foreach (var start in new[] { 0, 77, 12_345 })
        {
            var counts = Enumerable.Range(start, 286).CountBy(pruner.Bracket).ToDictionary();
            Assert.All(expected.Index(), bracket => Assert.InRange(counts[bracket.Index], (2 * bracket.Item) - 3, (2 * bracket.Item) + 3));
        }

        // A trial of the last bracket is not judged before its only rung.
        var last = Enumerable.Range(0, 999).First(trial => pruner.Bracket(trial) == 4);
        var others = Enumerable.Range(1000, 500).Select(trial => Falling(trial, 0.1, TrialState.Finished)).ToList();
        Assert.DoesNotContain(Enumerable.Range(1, Steps), step => pruner.Prune(Upto(Falling(last, 9), step), others));
    }

    [Fact]
    public void Hyperbands_last_bracket_judges_nobody_before_the_end_whatever_that_is()
    {
        var pruner = new HyperbandPruner(maximumSteps: 80);
        Assert.Equal(4, pruner.Brackets);
        int[] FirstJudged(int bracket)
        {
            var trial = Enumerable.Range(0, 999).First(trial => pruner.Bracket(trial) == bracket);
            TrialCurve Curve(int number, double loss, int steps) => new(number, TrialState.Running, [.. Enumerable.Repeat(loss, steps)]);
            var others = Enumerable.Range(1000, 500).Select(number => Curve(number, 0.1, 80)).ToList();
            return [.. Enumerable.Range(1, 80).Where(step => pruner.Prune(Curve(trial, 9, step), others))];
        }

        Assert.Equal([3, 9, 27], FirstJudged(0));
        Assert.Equal([9, 27], FirstJudged(1));
        Assert.Equal([27], FirstJudged(2));
        Assert.Equal([80], FirstJudged(3));
    }

    [Fact]
    public void Patience_counts_from_the_best_step()
    {
        var pruner = new PatiencePruner(patience: 2, minDelta: 0.1);
        TrialCurve Curve(params double[] losses) => new(0, TrialState.Running, losses);
        Assert.False(pruner.Prune(Curve(1, 1), []));
        Assert.True(pruner.Prune(Curve(1, 1, 0.95), []));
        Assert.False(pruner.Prune(Curve(1, 1, 0.85), []));
        Assert.False(pruner.Prune(Curve(1, 0.8, 0.85), []));
        Assert.True(pruner.Prune(Curve(1, 0.8, 0.85, 0.75), []));
        Assert.True(pruner.Prune(Curve(1, double.NaN, double.NaN), []));
    }

    private static TrialCurve Falling(int trial, double height, TrialState state = TrialState.Running) =>
        new(trial, state, [.. Enumerable.Range(1, Steps).Select(step => height + (1.0 / step))]);

    private static TrialCurve Random(int trial, SeededRandom random) => new(
        trial,
        (TrialState)(1 + random.NextInt(4)),
        [.. Enumerable.Range(0, 1 + random.NextInt(Steps)).Select(_ => random.NextInt(20) == 0 ? double.NaN : random.NextDouble())]);

    private static TrialCurve Upto(TrialCurve curve, int step) => curve with { Losses = [.. curve.Losses.Take(step)] };
}
