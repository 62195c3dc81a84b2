using MLNetCnn.Data;
using MLNetCnn.Runs;
using MLNetCnn.Testing;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Runs;

public sealed class CalibrationTests
{
    [Fact]
    public void A_network_that_is_too_sure_is_calibrated_in_its_model_and_in_its_figures()
    {
        using var folder = new TemporaryFolder();
        using var dataset = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 100, TestImagesPerClass = 100 });
        var plan = new RunPlan { Name = "lenet", Options = new() { Arch = "lenet-5", Epoch = 40, BatchSize = 20, LearningRate = 0.003, Optimizer = new() { Kind = OptimizerKind.Adam }, EarlyStoppingCriteria = null, ValidationSetFraction = 0.2 } };

        var record = RunExecutor.Execute(plan, dataset, folder.Path, SilentMonitor.Instance, TestContext.Current.CancellationToken);

        var calibration = record.Calibration!;
        Assert.NotEqual(1, calibration.Temperature);
        Assert.True(calibration.After.Expected < calibration.Before.Expected, $"{calibration.Before.Expected} before, {calibration.After.Expected} after");
        using var model = Inference.ImageModel.Load(folder[RunStore.ModelFile]);
        Assert.Equal(calibration.Temperature, model.Metadata.Temperature);
        var prediction = model.Predict(dataset.Test!.Pixels(0), 28, 28);
        var expected = Predictions.TryLoad(folder.Path, DatasetSplit.Test)!;
        Assert.Equal(expected.Take(10).Max(), prediction.Probability, 1e-3);
    }
}
