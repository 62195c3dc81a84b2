using MLNetCnn.Architectures;
using MLNetCnn.Augmentation;
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
