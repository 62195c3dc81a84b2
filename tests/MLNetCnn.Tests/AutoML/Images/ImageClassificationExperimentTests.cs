using MLNetCnn.AutoML;
using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.AutoML.Images;

public sealed class ImageClassificationExperimentTests
{
    [Fact]
    public void It_reads_as_in_ML_NET_and_its_model_is_the_best_trials()
    {
        using var dataset = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 60, TestImagesPerClass = 20 });
        var mlContext = new MLContext(seed: 2);
        var split = mlContext.Data.TrainTestSplit(new ImageDataView(dataset.Train), testFraction: 0.2);
        IDataView Called(IDataView images) => mlContext.Transforms.CopyColumns("Picture", "Image").Append(mlContext.Transforms.DropColumns("Image")).Fit(images).Transform(images);
        var (trainSet, testSet) = (Called(split.TrainSet), Called(split.TestSet));
        var experiment = mlContext.Auto().CreateImageClassificationExperiment(
            new ExperimentSettings { Trials = 4, Pruner = null, Workers = 2 },
            new ImageClassificationTrainer.Options { Arch = "lenet-5", BatchSize = 32, Optimizer = new() { Kind = OptimizerKind.Adam }, FeatureColumnName = "Picture", ScoreColumnName = "Probabilities" });
        experiment.SearchSpace = new()
        {
            { "arch", new ChoiceOption("lenet-5", "convnn-1") },
            { "learningRate", new UniformDoubleOption(1e-3, 1e-2, logBase: true) },
            { "epoch", new ChoiceOption(3) },
        };

        var result = experiment.Execute(trainSet, testSet, TestContext.Current.CancellationToken);

        Assert.Equal(4, result.RunDetails.Count);
        Assert.Equal(result.RunDetails.Where(run => run.State == TrialState.Finished).Max(run => run.Metric), result.BestRun.Metric);
        Assert.Equal(result.BestRun.TrialSettings.Parameter["arch"].AsType<string>(), result.Options.Arch);
        var metrics = mlContext.MulticlassClassification.Evaluate(result.Model.Transform(testSet), scoreColumnName: "Probabilities");
        Assert.Equal(result.BestRun.Metric, metrics.MicroAccuracy, 1e-9);
        Assert.Equal(result.BestRun.Loss, TrialMonitor.LossOf(metrics.MicroAccuracy, metrics.LogLoss), 1e-6);
        result.Model.Dispose();
    }
}
