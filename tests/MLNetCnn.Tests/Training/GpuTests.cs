using MLNetCnn.Evaluation;
using MLNetCnn.Inference;
using MLNetCnn.Testing;
using MLNetCnn.Tests.Transfer;
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
        // TensorFloat-32 keeps ten bits of a number.
        var tolerance = precision == Precision.Float32 ? 0.01f : 0.05f;
        Assert.All(onGpu.Zip(ModelScores.Of(model, test)), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    // Whatever a training may have that runs on the device itself; a stop in the middle must leave no trace there either.
    [Theory]
    [InlineData(FineTuning.Frozen, Precision.Float32)]
    [InlineData(FineTuning.Partial, Precision.BFloat16)]
    [InlineData(FineTuning.Full, Precision.BFloat16)]
    public void A_pretrained_network_is_fine_tuned_there_and_gone_on_with_after_a_stop(FineTuning mode, Precision precision)
    {
        Assert.SkipUnless(cuda.is_available(), "needs a GPU: libtorch sees none");
        using var folder = new TemporaryFolder();
        using var fixture = new TransferFixture();
        var options = fixture.Options(folder, mode);
        options = options with
        {
            Device = "cuda",
            Precision = precision,
            Epoch = 4,
            GradientClipping = 1,
            GradientAccumulation = 2,
            WeightAverage = 0.9,
            ClassWeights = ClassWeights.Balanced,
            LabelSmoothing = 0.1,
            Transfer = options.Transfer! with { Head = options.Transfer.Head with { Dropout = 0.2 } },
        };
        using var whole = fixture.Run(options);
        Assert.Equal(DeviceType.CUDA, whole.Network.parameters().First().device.type);
        using var stop = new CancellationTokenSource();
        var kept = options with { WorkspacePath = folder["work"] };
        fixture.Run(kept, new StopAfter(3, stop), stop.Token).Dispose();
        using var resumed = fixture.Run(kept);

        // The order of sums on a GPU is not that of the time before.
        Assert.All(whole.History.Epochs.Zip(resumed.History.Epochs), epoch => Assert.Equal(epoch.First.TrainLoss, epoch.Second.TrainLoss, 0.02));
        using var onProcessor = fixture.Run(options with { Device = "cpu", Precision = Precision.Float32 });
        Assert.Equal(onProcessor.History.Epochs[^1].TrainLoss, whole.History.Epochs[^1].TrainLoss, 0.1);
    }
}
