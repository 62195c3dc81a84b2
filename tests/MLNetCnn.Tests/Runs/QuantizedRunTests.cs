using MLNetCnn.Data;
using MLNetCnn.Inference;
using MLNetCnn.Reports;
using MLNetCnn.Runs;
using MLNetCnn.Testing;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Runs;

public sealed class QuantizedRunTests
{
    [Fact]
    public void A_run_leaves_an_8_bit_model_that_is_nearly_as_accurate_and_says_which_to_serve()
    {
        using var folder = new TemporaryFolder();
        using var dataset = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 300, TestImagesPerClass = 200 });
        var plan = new RunPlan { Name = "lenet", Int8 = true, Options = new() { Arch = "lenet-5", Epoch = 5, BatchSize = 20, LearningRate = 0.002, Optimizer = new() { Kind = OptimizerKind.Adam }, EarlyStoppingCriteria = null, ValidationSetFraction = 0.2 } };

        var record = RunExecutor.Execute(plan, dataset, folder.Path, SilentMonitor.Instance, TestContext.Current.CancellationToken);

        var summary = record.Quantization!;
        Assert.Equal(record.Test!.MicroAccuracy, summary.Float.Accuracy, 1e-9);
        Assert.True(record.Test.MicroAccuracy > 0.7);
        Assert.InRange(summary.Int8.Accuracy, summary.Float.Accuracy - 0.01, summary.Float.Accuracy + 0.01);
        Assert.InRange(summary.SameAnswers, 0.97, 1);
        Assert.Equal((DatasetSplit.Test, 2000, 200), (summary.Part, summary.Images, summary.CalibrationImages));
        Assert.InRange((double)summary.Int8.GraphBytes / summary.Float.GraphBytes, 0.2, 0.4);
        Assert.Equal(summary, RunStore.Load(folder.Path).Quantization);
        Assert.Equal(summary.Wins, summary.Verdict.Contains("serve model-int8.zip", StringComparison.Ordinal));

        var path = folder[RunStore.Int8ModelFile];
        using var model = ImageModel.Load(path);
        using var whole = ImageModel.Load(folder[RunStore.ModelFile]);
        Assert.Equal((new ModelQuantization("int8", "uint8", 200) { Source = whole.Version }, null), (model.Metadata.Quantization, whole.Metadata.Quantization));
        Assert.Equal(summary.Int8.Accuracy, model.Metadata.Metrics["test.microAccuracy"]);
        Assert.Equal(whole.Metadata.Temperature, model.Metadata.Temperature);
        var options = new ImageClassificationTrainer.Options { InitialModel = path, Arch = "lenet-5" };
        Assert.Contains("is quantized", Assert.Throws<ConfigurationException>(options.Applied).Message, StringComparison.Ordinal);

        HtmlReport.Write(ReportModel.ForRun(record), folder["report.html"]);
        var page = File.ReadAllText(folder["report.html"]);
        Assert.Contains("<h2 id=\"int8-title\">int8</h2>", page, StringComparison.Ordinal);
        Assert.Contains(summary.Wins ? "int8 wins here" : "the float model is the one to serve", page, StringComparison.Ordinal);
        HtmlReport.Write(ReportModel.ForRun(record with { Quantization = null }), folder["report.html"]);
        Assert.DoesNotContain("int8-title", File.ReadAllText(folder["report.html"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.90, 2, true, "int8 wins here: serve model-int8.zip: int8 takes 0.50 × the time and loses no accuracy.")]
    [InlineData(0.896, 2, true, "int8 wins here: serve model-int8.zip: int8 takes 0.50 × the time and loses 0.40 points of accuracy.")]
    [InlineData(0.89, 2, false, "the float model is the one to serve: int8 takes 0.50 × the time and loses 1.00 points of accuracy, more than the 0.5 allowed.")]
    [InlineData(0.91, 4.4, false, "the float model is the one to serve: int8 takes 1.10 × the time and loses no accuracy.")]
    public void Int8_wins_where_it_is_faster_and_nearly_as_accurate(double accuracy, double milliseconds, bool wins, string verdict)
    {
        var summary = new QuantizationSummary
        {
            ModelFile = "model-int8.zip",
            Part = DatasetSplit.Test,
            Images = 100,
            CalibrationImages = 10,
            Float = new(0.9, 0.3, 400, 800, 4, 5),
            Int8 = new(accuracy, 0.3, 100, 100, milliseconds, 6),
            SameAnswers = 0.99,
            MaxLoss = 0.005,
        };
        Assert.Equal((wins, verdict), (summary.Wins, summary.Verdict));
    }
}
