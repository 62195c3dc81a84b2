using System.Security.Cryptography;

using MLNetCnn.Augmentation;
using MLNetCnn.Data;
using MLNetCnn.Testing;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

public sealed class DeterminismTests(FashionMnist data) : IClassFixture<FashionMnist>
{
    private static readonly ImageClassificationTrainer.Options Options = new()
    {
        Arch = "convnn-3a",
        Epoch = 3,
        BatchSize = 30,
        LearningRate = 0.05,
        Optimizer = new OptimizerSettings { Kind = OptimizerKind.Sgd, Momentum = 0.9 },
        ReduceOnPlateau = new ReduceOnPlateau { Patience = 1, Factor = 0.5 },
        ValidationSetFraction = 0,
    };

    private static readonly AugmentationSettings Augmentation = new()
    {
        Transforms = [new RandomHorizontalFlip(), new RandomRotation(0.1), new RandomContrast(0.2), new GaussianNoise(0.05), new MixUp { Probability = 0.5 }],
    };

    // Dropout draws from a generator per replica (convnn-3a); batch normalisation takes the single step (resnet-18-keras).
    [Theory]
    [InlineData("convnn-3a", 3, 600, false)]
    [InlineData("convnn-3a", 2, 600, true)]
    [InlineData("resnet-18-keras", 1, 150, false)]
    [InlineData("resnet-18-keras", 1, 150, true)]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others(string arch, int epochs, int images, bool augmented)
    {
        var train = data.Dataset.Train.Subset([.. Enumerable.Range(0, images)]);
        var options = Options with { Arch = arch, Epoch = epochs, Augmentation = augmented ? Augmentation : null };
        var bits = Train(options, train);
        Assert.Equal(bits, Train(options, train));
        Assert.NotEqual(bits, Train(options with { Seed = 1 }, train));
    }

    [Fact]
    public void In_bfloat16_too_the_same_seed_gives_the_same_bits_and_learns_as_float32_does()
    {
        Assert.SkipUnless(cpu.is_bf16_supported(), "needs a processor that computes with bfloat16");
        var train = data.Dataset.Train.Subset([.. Enumerable.Range(0, 150)]);
        var options = Options with { Arch = "resnet-18-keras", Epoch = 2, LearningRate = 0.005, Optimizer = new() { Kind = OptimizerKind.Sgd }, ReduceOnPlateau = null };
        using var exact = NetworkTrainer.Train(options, train, null, SilentMonitor.Instance, CancellationToken.None);
        using var half = NetworkTrainer.Train(options with { Precision = Precision.BFloat16 }, train, null, SilentMonitor.Instance, CancellationToken.None);
        using var again = NetworkTrainer.Train(options with { Precision = Precision.BFloat16 }, train, null, SilentMonitor.Instance, CancellationToken.None);
        Assert.Equal(Bits(half), Bits(again));
        Assert.NotEqual(Bits(exact), Bits(half));
        Assert.All(exact.History.Epochs.Zip(half.History.Epochs), epoch => Assert.InRange(epoch.Second.TrainLoss / epoch.First.TrainLoss, 0.97, 1.03));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_killed_training_goes_on_and_ends_with_the_bits_of_an_uninterrupted_one(bool augmented)
    {
        using var folder = new TemporaryFolder();
        var (train, validation) = Split();
        var options = Options with { Epoch = 5, WorkspacePath = folder["work"], Augmentation = augmented ? Augmentation : null };
        StopAfterTwoEpochs(options, train, validation);
        Assert.True(Directory.Exists(folder["work"]));

        using var resumed = NetworkTrainer.Train(options, train, validation, SilentMonitor.Instance, CancellationToken.None);
        using var whole = NetworkTrainer.Train(options with { WorkspacePath = null }, train, validation, SilentMonitor.Instance, CancellationToken.None);
        Assert.Contains(resumed.History.Events, happened => happened.Kind == TrainingEventKind.Resumed);
        Assert.Equal(whole.History.Epochs.Select(epoch => epoch.TrainLoss), resumed.History.Epochs.Select(epoch => epoch.TrainLoss));
        Assert.Equal(Bits(whole), Bits(resumed));
    }

    [Fact]
    public void A_checkpoint_that_a_kill_left_under_its_old_name_outlives_a_failure_to_write_the_next()
    {
        using var folder = new TemporaryFolder();
        var (train, validation) = Split();
        var options = Options with { Epoch = 5, WorkspacePath = folder["work"] };
        StopAfterTwoEpochs(options, train, validation);
        Directory.Move(folder["work/checkpoint"], folder["work/checkpoint.old"]);

        // As a full disk would.
        File.WriteAllText(folder["work/checkpoint.next"], "in the way");
        Assert.ThrowsAny<IOException>(() => NetworkTrainer.Train(options, train, validation, SilentMonitor.Instance, CancellationToken.None));
        File.Delete(folder["work/checkpoint.next"]);
        using var resumed = NetworkTrainer.Train(options, train, validation, SilentMonitor.Instance, CancellationToken.None);
        Assert.Contains(resumed.History.Events, happened => happened.Kind == TrainingEventKind.Resumed);
    }

    [Fact]
    public void A_checkpoint_that_lost_its_content_is_none_and_the_one_before_it_is_taken_up()
    {
        using var folder = new TemporaryFolder();
        var (train, validation) = Split();
        var options = Options with { Epoch = 5, WorkspacePath = folder["work"] };
        StopAfterTwoEpochs(options, train, validation);
        Directory.Move(folder["work/checkpoint"], folder["work/checkpoint.old"]);
        Directory.CreateDirectory(folder["work/checkpoint"]);
        File.WriteAllText(folder["work/checkpoint/state.json"], "");

        using (var resumed = NetworkTrainer.Train(options, train, validation, SilentMonitor.Instance, CancellationToken.None))
        {
            Assert.Contains(resumed.History.Events, happened => happened.Kind == TrainingEventKind.Resumed);
        }

        File.WriteAllText(folder["work/checkpoint/state.json"], "");
        using var anew = NetworkTrainer.Train(options, train, validation, SilentMonitor.Instance, CancellationToken.None);
        Assert.Equal(5, anew.History.Epochs.Count);
        Assert.DoesNotContain(anew.History.Events, happened => happened.Kind == TrainingEventKind.Resumed);
    }

    // The loss of an epoch's batches is that before their steps: the last step of all has none.
    [Fact]
    public void Weights_that_the_last_step_broke_are_no_model_where_no_validation_tells()
    {
        var (train, _) = Split();
        var options = Options with { Epoch = 1, BatchSize = train.Count, LearningRate = 1e38, ValidationSetFraction = 0 };
        var error = Assert.Throws<InvalidOperationException>(() => NetworkTrainer.Train(options, train, null, SilentMonitor.Instance, CancellationToken.None));
        Assert.Contains("no longer a number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_other_settings_is_not_taken_up()
    {
        using var folder = new TemporaryFolder();
        var (train, validation) = Split();
        var options = Options with { Epoch = 1, WorkspacePath = folder["work"] };
        NetworkTrainer.Train(options, train, validation, SilentMonitor.Instance, CancellationToken.None).Dispose();
        using var other = NetworkTrainer.Train(options with { LearningRate = 0.01 }, train, validation, SilentMonitor.Instance, CancellationToken.None);
        Assert.DoesNotContain(other.History.Events, happened => happened.Kind == TrainingEventKind.Resumed);
    }

    private static void StopAfterTwoEpochs(ImageClassificationTrainer.Options options, ImageSet train, ImageSet validation)
    {
        using var stop = new CancellationTokenSource();
        NetworkTrainer.Train(options, train, validation, new StopAfter(2, stop), stop.Token).Dispose();
    }

    private (ImageSet Train, ImageSet Validation) Split()
    {
        var (rest, held) = StratifiedSplit.Split(data.Dataset.Train.Labels, 0.2, seed: 0);
        return (data.Dataset.Train.Subset(rest), data.Dataset.Train.Subset(held));
    }

    private static string Train(ImageClassificationTrainer.Options options, ImageSet train)
    {
        using var trained = NetworkTrainer.Train(options, train, null, SilentMonitor.Instance, CancellationToken.None);
        return Bits(trained);
    }

    private static string Bits(TrainedNetwork trained)
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        Safetensors.Write(stream, trained.Network.state_dict());
        return Convert.ToHexString(SHA256.HashData(stream.ToArray()));
    }
}
