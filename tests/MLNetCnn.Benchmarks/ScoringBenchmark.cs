using System.Diagnostics;

using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.Benchmarks;

/// <summary>Evaluating a whole view through a pipeline, beside predicting its rows one by one with the same model: images per second, the better of two.</summary>
internal static class ScoringBenchmark
{
    public static void Run()
    {
        using var dataset = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 20, TestImagesPerClass = 300 });
        var context = new MLContext(seed: 1);
        Console.WriteLine($"{dataset.Test!.Count} test images of Fashion-MNIST: images/s");
        foreach (var arch in new[] { "lenet-5", "convnn-4", "resnet-18" })
        {
            using var model = context.MulticlassClassification.Trainers.ImageClassification(new() { Arch = arch, Epoch = 1 }).Fit(new ImageDataView(dataset.Train));
            var scored = model.Transform(new ImageDataView(dataset.Test));
            var single = Speed(dataset.Test.Count, () => Enumerable.Range(0, dataset.Test.Count).Count(row => model.Model.Predict(dataset.Test.Image(row)).LabelIndex == dataset.Test.Labels[row]));
            var view = Speed(dataset.Test.Count, () => context.MulticlassClassification.Evaluate(scored));
            Console.WriteLine($"  {arch,-12} row by row {single,7:0}   view {view,7:0}   {view / single:0.00} times as fast");
        }
    }

    private static double Speed<T>(int images, Func<T> pass)
    {
        var best = double.PositiveInfinity;
        for (var i = 0; i < 2; i++)
        {
            var start = Stopwatch.GetTimestamp();
            pass();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return images / best;
    }
}
