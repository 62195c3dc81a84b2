using MLNetCnn.Data;
using MLNetCnn.Runs;
using MLNetCnn.Testing;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Runs;

public sealed class RunExecutorTests
{
    [Theory]
    [InlineData(null, 200)]
    [InlineData(50, 50)]
    [InlineData(1000, 200)]
    public void The_figures_on_training_images_are_of_all_or_of_some_of_every_class(int? most, int count)
    {
        using var folder = new TemporaryFolder();
        using var dataset = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 20, TestImagesPerClass = 5 });
        var plan = new RunPlan { Name = "lenet", MostTrainImages = most, Options = new() { Arch = "lenet-5", Epoch = 1, ValidationSetFraction = 0 } };

        var record = RunExecutor.Execute(plan, dataset, folder.Path, SilentMonitor.Instance, TestContext.Current.CancellationToken);

        Assert.Equal((count, 50), (record.Train!.Count, record.Test!.Count));
        Assert.All(record.Train.ConfusionMatrix, images => Assert.InRange(images.Sum(), 1, 20));
    }
}
