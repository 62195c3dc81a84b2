using System.Diagnostics;

using MLNetCnn.Augmentation;
using MLNetCnn.Data;

namespace MLNetCnn.Benchmarks;

/// <summary>
/// Random crop, flip and colour jitter on CIFAR-sized batches of 128, normalised to floats: images per second, against torchvision's
/// transforms image by image. All variants of the peer are run, the best one counts.
/// </summary>
internal static class AugmentBenchmark
{
    private const int Batch = 128;
    private const int Batches = 20;
    private const int Rounds = 10;

    public static void Run()
    {
        Measure("crop, flip, colour jitter", new() { Transforms = [new RandomCrop(4), new RandomHorizontalFlip(), new ColorJitter(0.4, 0.4, 0.4, 0.1)] }, compared: true);
        foreach (var name in AugmentationCatalog.Names)
        {
            Measure(name, AugmentationCatalog.Load(name), compared: false);
        }
    }

    private static void Measure(string name, AugmentationSettings settings, bool compared)
    {
        using var images = Noise.Images(Batch * Batches, 32);
        var ours = Enumerable.Range(0, Rounds).Max(round => Ours(images, settings, round));
        Console.WriteLine($"{name}, 32×32, batch {Batch}: images per second");
        Console.WriteLine($"  {"MLNetCnn",-34}{ours,10:0}");
        if (!compared)
        {
            return;
        }

        var best = 0.0;
        foreach (var (kind, workers, threads) in new[] { ("pil", 0, 1), ("pil", 2, 1), ("tensor", 0, 1), ("tensor", 0, 2), ("tensor", 2, 1) })
        {
            if (PyTorch.Measure(PyTorch.Tuned(threads), "augment.py", kind, $"{workers}") is { } theirs)
            {
                Console.WriteLine($"  {$"torchvision {kind}, {workers} workers, {threads} thread(s)",-34}{theirs,10:0}   ours is {ours / theirs:0.00} times as fast");
                best = Math.Max(best, theirs);
            }
        }

        if (best > 0)
        {
            Console.WriteLine($"  ours is {ours / best:0.00} times as fast as the best of them");
        }
    }

    private static double Ours(ImageSet images, AugmentationSettings settings, int round)
    {
        var augmentation = settings.Over(images);
        var places = new long[images.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }

        new SeededRandom(round).Shuffle<long>(places);
        var (batch, labels) = (new float[Batch * images.Shape.Size], new long[Batch]);
        var targets = new float[Batch * images.ClassNames.Count];
        var clock = Stopwatch.StartNew();
        for (var start = 0; start < places.Length; start += Batch)
        {
            augmentation.Apply(places.AsSpan(start, Batch), round, [1 / 63.75f, 1 / 63.75f, 1 / 63.75f], [-2, -2, -2], channelsLast: true, batch, targets, labels);
        }

        return images.Count / clock.Elapsed.TotalSeconds;
    }
}
