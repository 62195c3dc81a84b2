using System.Diagnostics;

using MLNetCnn.AutoML;
using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.Benchmarks;

/// <summary>
/// How soon ASHA has what random search had after 40 whole trials: heads on MobileNetV2's features of 20 classes of CIFAR-100, each
/// search with random draws of its own. Seconds until the validation accuracy is reached, features ready in the cache for both.
/// </summary>
internal static class PrunerBenchmark
{
    private const int Trials = 40;
    private const int Epochs = 27;
    private const int Seeds = 5;
    private const int Size = 96;

    private static readonly SearchSpace Space = new()
    {
        { "learningRate", new UniformDoubleOption(1e-5, 1e-1, logBase: true) },
        { "batchSize", new ChoiceOption(32, 64, 128) },
        { "optimizer.kind", new ChoiceOption("adam", "nAdam", "sgd", "rmsProp") },
        { "labelSmoothing", new UniformDoubleOption(0, 0.3) },
        { "transfer.head.hidden", new ChoiceOption(0, 64, 256) },
        { "transfer.head.dropout", new UniformDoubleOption(0, 0.8) },
        { "transfer.head.l2", new UniformDoubleOption(1e-6, 1e-1, logBase: true) },
    };

    public static void Run()
    {
        using var dataset = DatasetLoader.Load("cifar100-20", new DatasetLoadOptions { Height = Size, Width = Size });
        var options = TrialOptions.Default with
        {
            Arch = "mobilenet-v2",
            FineTuning = FineTuning.Frozen,
            Epoch = Epochs,
            ImageHeight = Size,
            ImageWidth = Size,
            ValidationSetFraction = 0.7,
            Device = "cpu",
        };
        var (train, validation) = NetworkTrainer.HoldOut(dataset, options);
        using var trials = new ImageTrials(_ => (train, validation), options, Environment.ProcessorCount, folder: null);
        Search(trials, pruner: null, seed: -1, trialCount: 1, target: double.PositiveInfinity);
        Console.WriteLine($"{Trials} random trials of {Epochs} epochs, and ASHA until it has their best: heads on {train.Count} images, {validation!.Count} to validate on");
        Console.WriteLine($"  {"seed",4}{"best",10}{"random, s",12}{"ASHA, s",12}{"its trials",12}{"share",10}");
        var shares = new List<double>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = Search(trials, pruner: null, seed, Trials, target: double.PositiveInfinity);
            var asha = Search(trials, "asha", 1000 + seed, trialCount: null, random.Best);
            shares.Add(asha.Seconds / random.Seconds);
            Console.WriteLine($"  {seed,4}{random.Best,10:P1}{random.Seconds,12:0.0}{asha.Seconds,12:0.0}{asha.Trials,12}{shares[^1],10:P0}");
        }

        Console.WriteLine($"  median {shares.Order().ElementAt(Seeds / 2):P0} of the time (bar: 50 %)");
    }

    private static (double Best, double Seconds, int Trials) Search(ImageTrials trials, string? pruner, int seed, int? trialCount, double target)
    {
        using var reached = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var watch = new Watch(new ImageTrialRunner(trials), target, reached);
        new AutoMLExperiment(seed)
            .SetSettings(new ExperimentSettings { Tuner = "random", Pruner = pruner, MaximumSteps = Epochs, Trials = trialCount ?? 20 * Trials, StagePatience = int.MaxValue })
            .SetSearchSpace(Space)
            .SetTrialRunner(() => watch)
            .SearchAsync(reached.Token).GetAwaiter().GetResult();
        return (watch.Best, target <= watch.Best || double.IsPositiveInfinity(target) ? clock.Elapsed.TotalSeconds : double.PositiveInfinity, watch.Trials);
    }

    /// <summary>Ends the search when a trial, at any of its epochs, has the target's accuracy.</summary>
    private sealed class Watch(ImageTrialRunner runner, double target, CancellationTokenSource reached) : IPrunableTrialRunner
    {
        public double Best { get; private set; }

        public int Trials { get; private set; }

        public Task<TrialResult> RunAsync(TrialSettings settings, CancellationToken ct) => RunAsync(settings, _ => null, ct);

        public Task<TrialResult> RunAsync(TrialSettings settings, Func<TrialReport, string?> report, CancellationToken ct)
        {
            Trials++;
            return runner.RunAsync(settings, told =>
            {
                Best = Math.Max(Best, told.Metrics["accuracy"]);
                if (Best >= target)
                {
                    reached.Cancel();
                }

                return report(told);
            }, ct);
        }

        public void Dispose() => runner.Dispose();
    }
}
