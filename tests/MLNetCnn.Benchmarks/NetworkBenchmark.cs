using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.Benchmarks;

/// <summary>ResNet-18 and VGG-16 with BatchNorm at 32×32, batch 64: training images per second on random pixels.</summary>
internal static class NetworkBenchmark
{
    private const int Batch = 64;
    private const int Steps = 8;

    public static void Run()
    {
        using var images = Noise.Images(Batch * Steps, 32);
        foreach (var name in new[] { "resnet-18", "vgg-16-bn" })
        {
            foreach (var precision in torch.cpu.is_bf16_supported() ? new[] { Precision.Float32, Precision.BFloat16 } : [Precision.Float32])
            {
                Console.WriteLine($"{name} at 32×32, batch {Batch}, {precision.ToString().ToLowerInvariant()}, channels last: training images per second");
                var ours = Ours(images, name, precision);
                Console.WriteLine($"  {"MLNetCnn",-34}{ours,8:0.0}");
                var setup = PyTorch.Tuned(Environment.ProcessorCount);
                if (PyTorch.Measure(setup, "network.py", name, precision.ToString().ToLowerInvariant()) is { } theirs)
                {
                    Console.WriteLine($"  {setup.Name,-34}{theirs,8:0.0}   ours is {ours / theirs:0.00} times as fast");
                }
            }
        }
    }

    private static double Ours(ImageSet images, string name, Precision precision)
    {
        var trainer = new MLContext().MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
        {
            Arch = name,
            FineTuning = FineTuning.Scratch,
            Epoch = 2,
            BatchSize = Batch,
            LearningRate = 0.01,
            Optimizer = new OptimizerSettings { Kind = OptimizerKind.Sgd, Momentum = 0.9 },
            ValidationSetFraction = 0,
            EarlyStoppingCriteria = null,
            Precision = precision,
        });
        using var model = trainer.Fit(new ImageDataView(images));
        return images.Count / model.History.Epochs.Min(epoch => epoch.Seconds);
    }
}
