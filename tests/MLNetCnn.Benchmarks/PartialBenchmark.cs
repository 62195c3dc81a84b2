using MLNetCnn.Data;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.Benchmarks;

/// <summary>
/// Fine-tuning of ResNet-50's last stage at 224×224, batch 32: seconds of an epoch with what the frozen stages make of the images kept,
/// with it computed anew in every epoch, and as PyTorch does it; and whether keeping it changes what is learnt.
/// </summary>
internal static class PartialBenchmark
{
    private const int Images = 192;
    private const int Size = 224;

    public static void Run()
    {
        using var images = Noise.Images(Images, Size);
        var peers = new[] { PyTorch.Stock, PyTorch.Tuned(Environment.ProcessorCount) }
            .Select(setup => (setup.Name, Seconds: PyTorch.Measure(setup, "partial.py", $"{Images}"))).ToList();
        Console.WriteLine($"ResNet-50, layer4 trained, {Images} images of {Size}×{Size}: seconds of an epoch");
        foreach (var precision in torch.cpu.is_bf16_supported() ? new[] { Precision.Float32, Precision.BFloat16 } : [Precision.Float32])
        {
            var (kept, anew) = (Train(images, precision, cache: true), Train(images, precision, cache: false));
            var (fast, slow) = (Seconds(kept), Seconds(anew));
            Console.WriteLine($"  {$"{precision}, activations kept",-34}{fast,8:0.0}");
            Console.WriteLine($"  {$"{precision}, computed anew",-34}{slow,8:0.0}   kept is {slow / fast:0.00} times as fast (bar 3)");
            foreach (var (name, theirs) in peers)
            {
                Console.WriteLine(theirs is null ? $"  {name,-34}not installed" : $"  {name,-34}{theirs,8:0.0}   kept is {theirs / fast:0.00} times as fast");
            }

            Console.WriteLine($"  training losses: {string.Join(", ", kept.Epochs.Zip(anew.Epochs, (one, other) => $"{one.TrainLoss:0.00000} and {other.TrainLoss:0.00000}"))}");
        }
    }

    private static double Seconds(TrainingHistory history) => history.Epochs.Min(epoch => epoch.Seconds);

    private static TrainingHistory Train(ImageSet images, Precision precision, bool cache)
    {
        var trainer = new MLContext().MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
        {
            Arch = "resnet-50",
            FineTuning = FineTuning.Partial,
            Transfer = new TransferSettings { UnfreezeFrom = "layer4", HeadEpoch = 0, CacheActivations = cache },
            ImageHeight = Size,
            ImageWidth = Size,
            Epoch = 2,
            BatchSize = 32,
            LearningRate = 1e-4,
            Precision = precision,
            Optimizer = new OptimizerSettings { Kind = OptimizerKind.Adam },
            ValidationSetFraction = 0,
            EarlyStoppingCriteria = null,
        });
        using var model = trainer.Fit(new ImageDataView(images));
        return model.History;
    }
}
