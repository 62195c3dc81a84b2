using System.Diagnostics;

using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.Benchmarks;

/// <summary>Live native handles, managed memory and resident memory over 1 000 training steps of LeNet-5, and the peak.</summary>
internal static class MemoryBenchmark
{
    private const int ImagesPerEpoch = 6_400;

    public static void Run()
    {
        using var dataset = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImages = ImagesPerEpoch });
        Console.WriteLine("LeNet-5, batch 32, 200 steps an epoch: after each epoch");
        var trainer = new MLContext().MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
        {
            Arch = "lenet-5",
            FineTuning = FineTuning.Scratch,
            Epoch = 6,
            BatchSize = 32,
            ValidationSetFraction = 0,
            EarlyStoppingCriteria = null,
            MetricsCallback = metrics => Console.WriteLine(
                $"  epoch {metrics.Train.Epoch}: {torch.live_handles,6} native handles, {GC.GetTotalMemory(forceFullCollection: true) / 1024.0,8:0} KiB managed, {Process.GetCurrentProcess().WorkingSet64 / (1 << 20),5} MiB resident"),
        });
        using var model = trainer.Fit(new ImageDataView(dataset.Train));
        Console.WriteLine($"  peak {Process.GetCurrentProcess().PeakWorkingSet64 / (1 << 20)} MiB");
    }
}
