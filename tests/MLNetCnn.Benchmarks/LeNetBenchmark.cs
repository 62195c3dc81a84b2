using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.Benchmarks;

/// <summary>LeNet-5 on all 60 000 images of Fashion-MNIST: seconds per epoch, the best of four.</summary>
internal static class LeNetBenchmark
{
    public static void Run()
    {
        using var dataset = DatasetLoader.Load("fashion-mnist");
        foreach (var batch in new[] { 32, 500 })
        {
            Console.WriteLine($"LeNet-5, Fashion-MNIST, batch {batch}: seconds per epoch");
            var ours = Ours(dataset, batch);
            Console.WriteLine($"  {"MLNetCnn",-34}{ours,8:0.00}");
            foreach (var setup in new[] { PyTorch.Stock, PyTorch.Tuned(1), PyTorch.Tuned(2) })
            {
                var theirs = PyTorch.Measure(setup, "lenet.py", $"{batch}");
                Console.WriteLine(theirs is null ? $"  {setup.Name,-34}not installed" : $"  {setup.Name,-34}{theirs,8:0.00}   ours is {theirs / ours:0.00} times as fast");
            }
        }
    }

    private static double Ours(ImageDataset dataset, int batch)
    {
        var trainer = new MLContext().MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
        {
            Arch = "lenet-5",
            Epoch = 4,
            BatchSize = batch,
            LearningRate = 0.01,
            ValidationSetFraction = 0,
            EarlyStoppingCriteria = null,
        });
        using var model = trainer.Fit(new ImageDataView(dataset.Train));
        return model.History.Epochs.Min(epoch => epoch.Seconds);
    }
}
