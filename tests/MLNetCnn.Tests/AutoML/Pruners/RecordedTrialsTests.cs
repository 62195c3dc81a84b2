using System.Globalization;

using MLNetCnn.AutoML;
using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.AutoML;

/// <summary>Pruners on real trainings: 200 of them, recorded by record_trials.py.</summary>
public class RecordedTrialsTests
{
    private const int Seeds = 101;
    private static readonly List<(double Seconds, double[] Losses)> Recorded = Read();

    [Fact]
    public void Asha_hardly_ever_ends_what_is_as_good_as_random_searchs_best()
    {
        var never = Enumerable.Range(0, Seeds).Count(seed => double.IsInfinity(Share(PrunerCatalog.Create("asha", 16), seed).Epochs));
        Assert.InRange(never, 0, Seeds / 20);
    }

    // The target is the best of 40 whole trials; the pruner is shown trials in an order of its own. What it takes is a share of what
    // the 40 took, in the median of many seeds: that of a few depends on which trials they happen to draw.
    [Theory]
    [InlineData("asha", 0.5)]
    [InlineData("hyperband", 0.6)]
    [InlineData("median", 0.6)]
    public void A_pruner_reaches_random_searchs_best_of_equal_budget_sooner(string name, double atMost)
    {
        var pruned = Shares(PrunerCatalog.Create(name, 16));
        var unpruned = Shares(new PatiencePruner(patience: 99));
        var figures = $"{name}: {pruned.Epochs:P0} of the epochs, {pruned.Seconds:P0} of the time; without a pruner {unpruned.Epochs:P0} and {unpruned.Seconds:P0}";
        TestContext.Current.SendDiagnosticMessage(figures);
        Assert.True(pruned.Epochs <= atMost && pruned.Seconds <= atMost, figures);
        Assert.True(pruned.Epochs < unpruned.Epochs && pruned.Seconds < unpruned.Seconds, figures);
    }

    private static (double Epochs, double Seconds) Shares(IPruner pruner)
    {
        var shares = Enumerable.Range(0, Seeds).Select(seed => Share(pruner, seed)).ToList();
        return (shares.Select(share => share.Epochs).Order().ElementAt(Seeds / 2), shares.Select(share => share.Seconds).Order().ElementAt(Seeds / 2));
    }

    private static (double Epochs, double Seconds) Share(IPruner pruner, int seed)
    {
        var random = Order(seed).Take(40).Select(trial => Recorded[trial]).ToList();
        var (epochs, seconds) = Reach(random.Min(trial => trial.Losses.Min()), pruner, Order(1000 + seed));
        return (epochs / random.Sum(trial => trial.Losses.Length), seconds / random.Sum(trial => trial.Seconds * trial.Losses.Length));
    }

    private static int[] Order(int seed)
    {
        var order = Enumerable.Range(0, Recorded.Count).ToArray();
        new SeededRandom(seed).Shuffle(order.AsSpan());
        return order;
    }

    // The epochs and seconds until a trial has the target's loss; without end where none has.
    private static (double Epochs, double Seconds) Reach(double target, IPruner pruner, int[] order)
    {
        var (epochs, seconds) = (0.0, 0.0);
        var curves = new List<TrialCurve>();
        foreach (var (number, trial) in order.Index())
        {
            var (perEpoch, losses) = Recorded[trial];
            for (var step = 1; step <= losses.Length; step++)
            {
                (epochs, seconds) = (epochs + 1, seconds + perEpoch);
                if (losses[step - 1] <= target)
                {
                    return (epochs, seconds);
                }

                var curve = new TrialCurve(number, TrialState.Running, losses[..step]);
                if (step == losses.Length || pruner.Prune(curve, curves))
                {
                    curves.Add(curve with { State = step == losses.Length ? TrialState.Finished : TrialState.Pruned });
                    break;
                }
            }
        }

        return (double.PositiveInfinity, double.PositiveInfinity);
    }

    private static List<(double Seconds, double[] Losses)> Read()
    {
        var lines = File.ReadAllLines(Path.Combine(SharedData.RepositoryRoot, "tests", "MLNetCnn.Tests", "AutoML", "Pruners", "recorded-trials.tsv")).Select(line => line.Split('\t')).ToList();
        var (seconds, first) = (Array.IndexOf(lines[0], "secondsPerEpoch"), Array.IndexOf(lines[0], "accuracy1"));
        return [.. lines.Skip(1).Select(line => (Number(line[seconds]), line[first..].Select(accuracy => 1 - Number(accuracy)).ToArray()))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
