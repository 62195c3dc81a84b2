using System.Globalization;

namespace MLNetCnn.Training;

/// <summary>A training with a learning rate that rises step by step, for a look at where it learns fastest.</summary>
/// <param name="Rates">The learning rate of each step, rising.</param>
/// <param name="Losses">The loss at each step, smoothed.</param>
/// <param name="Suggestion">The rate at which the loss falls fastest; null where it never falls.</param>
public sealed record LearningRateSweep(IReadOnlyList<double> Rates, IReadOnlyList<double> Losses, double? Suggestion);

/// <summary>
/// The learning-rate range test (Smith 2017, Cyclical learning rates for training neural networks): the rate rises exponentially over
/// a hundred steps, or until the loss explodes. The network is left as it was.
/// </summary>
internal static class LearningRateFinder
{
    private const double Lowest = 1e-6;
    private const double Highest = 1;
    private const int Steps = 100;
    private const double Smoothing = 0.9;

    // A loss this many times the lowest one has exploded.
    private const double Exploded = 4;

    // The first and the last steps of a sweep say little: too few losses are averaged, and then it explodes.
    private const int Skipped = 10;

    /// <summary>Finds a learning rate where the options ask for it.</summary>
    /// <returns>The options with the rate, and the sweep; the options as they are, and null, where they ask for none.</returns>
    public static (ImageClassificationTrainer.Options Options, LearningRateSweep? Sweep) Apply(
        ImageClassificationTrainer.Options options, Module<Tensor, Tensor> network, ITrainingStep step, IBatches batches, TrainingPhase phase, ITrainingMonitor monitor, CancellationToken stop)
    {
        if (!options.FindLearningRate)
        {
            return (options, null);
        }

        var sweep = Run(options, network, step, batches, phase, monitor, stop);
        monitor.OnEvent(new TrainingEvent(0, TrainingEventKind.LearningRateFound, sweep.Suggestion is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"the loss falls fastest at the learning rate {rate:0.##e+0}, which is taken")
            : string.Create(CultureInfo.InvariantCulture, $"no learning rate made the loss fall: {options.LearningRate:0.##e+0} is kept")));
        return (options with { LearningRate = sweep.Suggestion ?? options.LearningRate }, sweep);
    }

    private static LearningRateSweep Run(
        ImageClassificationTrainer.Options options, Module<Tensor, Tensor> network, ITrainingStep step, IBatches batches, TrainingPhase phase, ITrainingMonitor monitor, CancellationToken stop)
    {
        var before = WeightCopy.Of(network);
        try
        {
            return Sweep(options, network, step, batches, phase, monitor, stop);
        }
        finally
        {
            network.load_state_dict(before);
            WeightCopy.Free(before);
        }
    }

    // Leaves the network with the weights of the last step.
    private static LearningRateSweep Sweep(
        ImageClassificationTrainer.Options options, Module<Tensor, Tensor> network, ITrainingStep step, IBatches batches, TrainingPhase phase, ITrainingMonitor monitor, CancellationToken stop)
    {
        using var scope = NewDisposeScope();
        using var order = batches.BeginEpoch(options.Seed);
        var (optimizer, factors) = Optimizers.Create(network, options, phase.RateFactor);
        using var owned = optimizer;
        var (rates, losses) = (new List<double>(), new List<double>());
        network.train();
        step.BeginEpoch(options.Seed);
        var (average, counted) = (0.0, 0.0);
        for (var i = 0; i < Steps && !stop.IsCancellationRequested; i++)
        {
            var rate = Lowest * Math.Pow(Highest / Lowest, (double)i / (Steps - 1));
            foreach (var (index, group) in optimizer.ParamGroups.Index())
            {
                group.LearningRate = rate * factors[index];
            }

            var count = Math.Min(options.BatchSize, batches.Count);
            step.Step(optimizer, order, (int)((long)i * count % (batches.Count - count + 1)), count, options);
            var sum = step.Totals().LossSum;
            average = (Smoothing * average) + ((1 - Smoothing) * (sum - counted) / count);
            counted = sum;
            var smoothed = average / (1 - Math.Pow(Smoothing, i + 1));
            if (!double.IsFinite(smoothed) || (i > Skipped && smoothed > Exploded * losses.Min()))
            {
                break;
            }

            rates.Add(rate);
            losses.Add(smoothed);
            monitor.OnPreparation("looking for a learning rate", i + 1, Steps);
        }

        return new LearningRateSweep(rates, losses, Steepest(rates, losses));
    }

    // Where the smoothed loss falls fastest per decade, before its lowest point.
    private static double? Steepest(List<double> rates, List<double> losses)
    {
        var lowest = losses.IndexOf(losses.DefaultIfEmpty().Min());
        var (best, fall) = ((int?)null, 0.0);
        for (var i = Skipped; i < Math.Min(lowest, losses.Count - 1); i++)
        {
            if (losses[i + 1] - losses[i - 1] < fall)
            {
                (best, fall) = (i, losses[i + 1] - losses[i - 1]);
            }
        }

        return best is { } index ? rates[index] : null;
    }
}
