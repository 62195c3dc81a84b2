using System.Diagnostics;

using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.Benchmarks;

/// <summary>
/// A whole frozen training on 5 120 photos at 256×256, reading and decoding them included: one pass of the backbone, then 100 epochs of
/// the head, as the study food101-transfer made it in about 1 300 s on a GPU. Then with other heads, on what is cached.
/// </summary>
internal static class FrozenRunBenchmark
{
    private const int PerClass = 256;
    private const int Classes = 20;
    private const int Size = 256;

    public static void Run()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"frozen-{Guid.NewGuid():N}");
        try
        {
            WritePhotos(Path.Combine(folder, "photos"));
            // The study's head.
            var head = new HeadSettings { Dropout = 0.6, L1 = 1e-5, L2 = 1e-5, Normalize = false };
            var first = Seconds(folder, head);
            Console.WriteLine($"frozen ResNet-50, {PerClass * Classes} photos at {Size}×{Size}, 100 epochs of the head: seconds, everything included");
            Console.WriteLine($"  {"first run",-34}{first,8:0.0}");
            Console.WriteLine($"  {"second run, less dropout",-34}{Seconds(folder, head with { Dropout = 0.5 }),8:0.0}");
            Console.WriteLine($"  {"third run, a hidden layer of 256",-34}{Seconds(folder, new HeadSettings { Hidden = [256] }),8:0.0}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Seconds(string folder, HeadSettings head)
    {
        var clock = Stopwatch.StartNew();
        var cache = Path.Combine(folder, "cache");
        using var dataset = DatasetLoader.Load(Path.Combine(folder, "photos"), new DatasetLoadOptions { Height = Size, Width = Size, CacheFolder = cache });
        var trainer = new MLContext().MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
        {
            Arch = "resnet-50",
            FineTuning = FineTuning.Frozen,
            Transfer = new TransferSettings { Head = head },
            ImageHeight = Size,
            ImageWidth = Size,
            Epoch = 100,
            BatchSize = 32,
            LearningRate = 0.001,
            Optimizer = new OptimizerSettings { Kind = OptimizerKind.NAdam },
            EarlyStoppingCriteria = null,
            ValidationSet = new ImageDataView(dataset.Test!),
            Sources = new SourceOptions { CacheFolder = cache },
        });
        using var model = trainer.Fit(new ImageDataView(dataset.Train));
        return clock.Elapsed.TotalSeconds;
    }

    // Smooth pictures, as photos are, that compress like them.
    private static void WritePhotos(string folder)
    {
        for (var label = 0; label < Classes; label++)
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, $"class{label:00}")).FullName;
            Parallel.For(0, PerClass, i =>
            {
                var random = new SeededRandom((label * PerClass) + i);
                var coarse = new byte[16 * 16 * 3];
                foreach (ref var value in coarse.AsSpan())
                {
                    value = (byte)random.NextInt(256);
                }

                MLImage.CreateFromPixels(16, 16, MLPixelFormat.Rgb24, coarse).Resize(Size, Size).Save(Path.Combine(own, $"{i}.jpg"));
            });
        }
    }
}
