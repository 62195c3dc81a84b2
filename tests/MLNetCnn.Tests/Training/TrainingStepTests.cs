using MLNetCnn.Architectures;
using MLNetCnn.Augmentation;
using MLNetCnn.Data;
using MLNetCnn.Inference;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

public sealed class TrainingStepTests(FashionMnist data) : IClassFixture<FashionMnist>
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Replicas_on_parts_of_a_batch_give_the_gradients_of_the_whole_batch(bool augmented, bool weighted)
    {
        using var weights = weighted ? arange(10, ScalarType.Float32).mul(0.2) : null;
        var augmentation = augmented ? new AugmentationSettings { Transforms = [new RandomZoom(0.2), new CutMix()] } : null;
        var images = data.Dataset.Train;
        Module<Tensor, Tensor> Build() => ArchitectureCatalog.Create("lenet-5", images.Shape, images.ClassNames.Count);
        using var batches = new ImageBatches(images, ImagePreprocessing.ScaleOnly(28, 28, 1), CPU, channelsLast: false, augmentation);
        var context = new StepContext(batches, Losses.Of(LossKind.CrossEntropy, 0, weights), Precision.Float32);
        using var network = Build();
        using var order = batches.InOrder();

        // 25 images do not divide evenly among the replicas.
        var whole = Gradients(network, new SingleStep(network, context, CPU), order, 25);
        var parts = Gradients(network, new ReplicaStep(network, Build, 3, context), order, 25);
        Assert.All(whole.Zip(parts), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        Assert.Contains(whole, gradient => Math.Abs(gradient) > 1e-4);
    }

    [Theory]
    [InlineData(10, 8, 5)]
    [InlineData(64, 4, 4)]
    [InlineData(3, 8, 1)]
    [InlineData(1, 4, 1)]
    public void A_batch_in_parts_has_no_part_of_one_image(int count, int most, int parts)
    {
        var step = new RecordedStep();
        using var order = arange(count);
        step.RunInParts(order, 7, count, most);
        Assert.Equal(parts, step.Parts.Count);
        Assert.Equal((7, count, 1.0), (step.Parts[0].Start, step.Parts.Sum(part => part.Count), Math.Round(step.Parts.Sum(part => part.Share), 9)));
        Assert.True(count == 1 || step.Parts.All(part => part.Count > 1));
    }

    [Fact]
    public void Weights_that_give_no_validation_loss_are_not_the_best()
    {
        using var network = ArchitectureCatalog.Create("lenet-5", new ImageShape(1, 28, 28), 10);
        using var best = new MLNetCnn.Training.Callbacks.BestWeights(network);
        var control = new MLNetCnn.Training.Callbacks.TrainingControl(_ => { });
        best.OnEpochEnd(new EpochRecord(1, 2.3, 0.2, double.NaN, 0.1, 0.1, 1), control);
        Assert.Equal(0, best.Epoch);
        best.OnEpochEnd(new EpochRecord(2, 2.3, 0.2, 2.3, 0.5, 0.1, 1), control);
        best.OnEpochEnd(new EpochRecord(3, 2.2, 0.2, 2.4, 0.5, 0.1, 1), control);
        Assert.Equal(2, best.Epoch);
        best.OnEpochEnd(new EpochRecord(4, 2.1, 0.2, 2.1, 0.5, 0.1, 1), control);
        Assert.Equal(4, best.Epoch);
    }

    [Fact]
    public void Validation_images_of_other_classes_are_refused()
    {
        var train = data.Dataset.Train;
        var renamed = ImageSet.FromPixels(new byte[28 * 28 * 20], [.. Enumerable.Range(0, 20).Select(i => i % 10)], new ImageShape(1, 28, 28), [.. train.ClassNames.Reverse()]);
        var problem = Assert.Throws<ConfigurationException>(() => NetworkTrainer.Train(new ImageClassificationTrainer.Options { Arch = "lenet-5", Epoch = 1 }, train, renamed, SilentMonitor.Instance, CancellationToken.None));
        Assert.Contains("both need the same, in one order", problem.Message, StringComparison.Ordinal);
        renamed.Dispose();
    }

    private sealed class RecordedStep : ITrainingStep
    {
        public List<(int Start, int Count, double Share)> Parts { get; } = [];

        public void Run(Tensor order, int start, int count, double share) => Parts.Add((start, count, share));

        public void BeginEpoch(long seed)
        {
        }

        public (double LossSum, double Correct) Totals() => default;

        public void Dispose()
        {
        }
    }

    [Fact]
    public void A_training_whose_loss_breaks_in_its_first_epoch_says_so()
    {
        var options = new ImageClassificationTrainer.Options
        {
            Arch = "mlp",
            Epoch = 30,
            BatchSize = 50,
            LearningRate = 1e6,
            Schedule = LearningRateSchedule.OneCycle,
            ValidationSetFraction = 0,
            EarlyStoppingCriteria = null,
        };
        var failure = Assert.Throws<InvalidOperationException>(() => NetworkTrainer.Train(options, data.Dataset.Train, null, SilentMonitor.Instance, CancellationToken.None).Dispose());
        Assert.Contains("first epoch", failure.Message, StringComparison.Ordinal);
    }

    private static float[] Gradients(Module<Tensor, Tensor> network, ITrainingStep step, Tensor order, int count)
    {
        using (step)
        {
            network.zero_grad();
            step.BeginEpoch(0);
            step.Run(order, 0, count, share: 1);
            return [.. network.parameters().SelectMany(parameter => parameter.grad!.ToArray<float>())];
        }
    }
}
