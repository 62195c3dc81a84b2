using MLNetCnn.Evaluation;
using MLNetCnn.Inference;
using MLNetCnn.Testing;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

/// <summary>What a GPU trains is what a CPU and ONNX Runtime then run. Skipped where libtorch sees no GPU.</summary>
public sealed class GpuTests(FashionMnist data) : IClassFixture<FashionMnist>
{
    [Theory]
    [InlineData("lenet-5", Precision.Float32)]
    [InlineData("resnet-9", Precision.BFloat16)]
    public void A_network_trained_on_the_GPU_answers_alike_everywhere(string arch, Precision precision)
    {
        Assert.SkipUnless(cuda.is_available(), "needs a GPU: libtorch sees none");
        using var folder = new TemporaryFolder();
        var options = new ImageClassificationTrainer.Options
        {
            Arch = arch,
            Device = "cuda",
            Precision = precision,
            Epoch = 4,
            BatchSize = 30,
            LearningRate = 0.001,
            Optimizer = new OptimizerSettings { Kind = OptimizerKind.Adam },
        };
        var test = data.Dataset.Test!;
        using var trained = NetworkTrainer.Train(options, data.Dataset.Train, null, SilentMonitor.Instance, CancellationToken.None);
        Assert.Equal(DeviceType.CUDA, trained.Network.parameters().First().device.type);
        var onGpu = trained.Probabilities(test);
        Assert.InRange(ClassificationEvaluator.Evaluate(test.Labels, onGpu, test.ClassNames.Count).MicroAccuracy, 0.5, 1);

        trained.ToPackage(new Dictionary<string, double>(), new ModelProvenance { CreatedAt = DateTimeOffset.UtcNow, Dataset = "sample", Commit = "" }).Save(folder["model.zip"]);
        using var model = ImageModel.Load(folder["model.zip"]);
        var tolerance = precision == Precision.Float32 ? 1e-3f : 0.05f;
        Assert.All(onGpu.Zip(ModelScores.Of(model, test)), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
