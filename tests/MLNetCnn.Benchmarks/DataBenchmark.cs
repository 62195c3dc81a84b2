using System.Diagnostics;

using MLNetCnn.Architectures;
using MLNetCnn.Augmentation;
using MLNetCnn.Data;
using MLNetCnn.Inference;
using MLNetCnn.Training;

namespace MLNetCnn.Benchmarks;

/// <summary>The share of training time in which a network waits for its batches: cached images of 224×224, batch 32, whole networks trained.</summary>
internal static class DataBenchmark
{
    private const int Size = 224;
    private const int Batch = 32;
    private const int Steps = 4;

    public static void Run()
    {
        using var images = Noise.Images(Batch * (Steps + 1), Size);
        Console.WriteLine($"waiting for data, {Size}×{Size}, batch {Batch}: share of the training's time (bar: 5 %)");
        foreach (var name in new[] { "mobilenet-v2", "resnet-50" })
        {
            using var network = ArchitectureCatalog.Create(name, images.Shape, Noise.Classes);
            network.to(dtype: null, CPU, memory_format: memory_format.channels_last);
            foreach (var augmentation in new[] { null, "light", "standard", "strong" })
            {
                Console.WriteLine($"  {name,-14}{(augmentation ?? "no") + " augmentation",-24}{Share(network, images, augmentation),8:P1}");
            }
        }
    }

    private static double Share(nn.Module<Tensor, Tensor> network, ImageSet images, string? augmentation)
    {
        var preprocessing = ImagePreprocessing.ScaleOnly(Size, Size, 3);
        using var batches = new TimedBatches(new ImageBatches(images, preprocessing, CPU, channelsLast: true, augmentation is null ? null : AugmentationCatalog.Load(augmentation)));
        using var step = new SingleStep(network, new StepContext(batches, Losses.Of(LossKind.CrossEntropy, 0), Precision.Float32), CPU);
        using var order = batches.BeginEpoch(seed: 1);
        step.BeginEpoch(seed: 1);
        step.Run(order, 0, Batch, share: 1);
        batches.Seconds = 0;
        var clock = Stopwatch.StartNew();
        for (var i = 1; i <= Steps; i++)
        {
            step.Run(order, i * Batch, Batch, share: 1);
        }

        network.zero_grad();
        return batches.Seconds / clock.Elapsed.TotalSeconds;
    }

    private sealed class TimedBatches(IBatches batches) : IBatches
    {
        public double Seconds { get; set; }

        public int Count => batches.Count;

        public Tensor BeginEpoch(long seed) => batches.BeginEpoch(seed);

        public Tensor InOrder() => batches.InOrder();

        public LabelledBatch Take(Tensor order, int start, int count)
        {
            var clock = Stopwatch.StartNew();
            var batch = batches.Take(order, start, count);
            Seconds += clock.Elapsed.TotalSeconds;
            return batch;
        }

        public void Dispose() => batches.Dispose();
    }
}
