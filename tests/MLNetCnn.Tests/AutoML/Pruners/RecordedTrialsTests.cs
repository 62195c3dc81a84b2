using System.Globalization;

using MLNetCnn.AutoML;
using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.AutoML;

/// <summary>Pruners on real trainings: 240 of them, recorded by record_trials.py.</summary>
public class RecordedTrialsTests
{
    private static readonly List<(double Seconds, double[] Losses)> Recorded = Read();

    [Theory]
    [InlineData("asha", 0.5)]
    [InlineData("hyperband", 0.75)]
    [InlineData("median", 1)]
    public void A_pruner_reaches_random_searchs_best_of_equal_budget_sooner(string name, double atMost)
    {
        const int trials = 40;
        var shares = Enumerable.Range(0, 5).Select(seed =>
        {
            var order = Enumerable.Range(0, Recorded.Count).ToArray();
            new SeededRandom(seed).Shuffle(order.AsSpan());
            var random = order.Take(trials).Select(trial => Recorded[trial]).ToList();
            var (target, budget) = (random.Min(trial => trial.Losses.Min()), (Epochs: random.Sum(trial => trial.Losses.Length), Seconds: random.Sum(trial => trial.Seconds * trial.Losses.Length)));
            var (epochs, seconds) = Reach(target, PrunerCatalog.Create(name, 16), order);
            return (Epochs: (double)epochs / budget.Epochs, Seconds: seconds / budget.Seconds);
        }).ToList();
        var (epochs, seconds) = (shares.Select(share => share.Epochs).Order().ElementAt(2), shares.Select(share => share.Seconds).Order().ElementAt(2));
        TestContext.Current.SendDiagnosticMessage($"{name}: {epochs:P0} of the epochs, {seconds:P0} of the time");
        Assert.True(epochs <= atMost && seconds <= atMost, $"{name}: {epochs:P0} of the epochs, {seconds:P0} of the time");
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
