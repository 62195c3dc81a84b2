using MLNetCnn.Augmentation;
using MLNetCnn.Testing;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.Tests.Transfer;

public sealed class ActivationCacheTests(TransferFixture fixture) : IClassFixture<TransferFixture>
{
    [Fact]
    public void The_frozen_part_runs_once_on_an_image_whatever_is_trained_on_it_then()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Frozen);
        var images = fixture.Train.Count + fixture.Validation.Count;
        Assert.Equal(images, Passes(options));
        Assert.Equal(0, Passes(options with { Seed = 1, LearningRate = 0.1, Transfer = options.Transfer! with { Head = new() { Hidden = [20], Dropout = 0.2, BatchNorm = true } } }));

        // What else the rows depend on.
        Assert.Equal(images, Passes(options with { Transfer = options.Transfer! with { Head = new() { Pooling = FeaturePooling.Max } } }));
        Assert.Equal(images, Passes(options with { FineTuning = FineTuning.Partial, Transfer = options.Transfer! with { HeadEpoch = 0 } }));
        Assert.Equal(3 * fixture.Train.Count, Passes(options with
        {
            Augmentation = new() { Transforms = [new RandomHorizontalFlip()] },
            Transfer = options.Transfer! with { AugmentedViews = 3 },
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fine_tuning_runs_each_image_once_through_what_stays_frozen_in_all_its_phases(bool gradual)
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Partial);
        options = options with { Transfer = options.Transfer! with { UnfreezeFrom = "layer3", GradualUnfreezing = gradual } };
        var counter = new PassCounter();
        using var network = fixture.Run(options, counter);
        _ = network.Probabilities(fixture.Train);
        Assert.Equal(fixture.Train.Count + fixture.Validation.Count, counter.Images);

        // The head's features are those of a training of the head alone.
        Assert.Equal(0, Passes(options with { FineTuning = FineTuning.Frozen, Transfer = options.Transfer with { UnfreezeFrom = null, GradualUnfreezing = false } }));
    }

    [Fact]
    public void A_training_that_was_finished_makes_no_pass_to_be_taken_up_again()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Partial) with
        {
            WorkspacePath = folder["work"],
            Augmentation = new() { Transforms = [new RandomHorizontalFlip()] },
        };
        using var first = fixture.Run(options);
        var counter = new PassCounter();
        using var again = fixture.Run(options with { Sources = options.Sources with { CacheFolder = folder["another cache"] } }, counter);
        Assert.Equal(first.History.Epochs, again.History.Epochs);

        // The untrained head is looked at each time.
        Assert.Equal(fixture.Validation.Count, counter.Images);
        Assert.Equal(first.Probabilities(fixture.Validation), again.Probabilities(fixture.Validation));
    }

    [Fact]
    public void A_pass_that_was_stopped_goes_on_with_the_images_that_are_missing()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var options = fixture.Options(folder, FineTuning.Frozen);
        var killed = new PassCounter(stop);
        Assert.Throws<OperationCanceledException>(() => fixture.Run(options, killed, stop.Token).Dispose());
        Assert.InRange(killed.Images, 1, fixture.Train.Count - 1);
        Assert.Equal(fixture.Train.Count + fixture.Validation.Count - killed.Images, Passes(options));
    }

    [Fact]
    public void Cached_and_uncached_training_give_the_same_network()
    {
        using var folder = new TemporaryFolder();
        foreach (var mode in new[] { FineTuning.Frozen, FineTuning.Partial })
        {
            var options = fixture.Options(folder, mode);
            using var cached = fixture.Run(options);
            using var uncached = fixture.Run(options with { Transfer = options.Transfer! with { CacheActivations = false } });
            Assert.Equal(
                uncached.History.Epochs.Select(epoch => epoch.ValidationLoss!.Value),
                cached.History.Epochs.Select(epoch => epoch.ValidationLoss!.Value),
                (a, b) => Math.Abs(a - b) < 1e-3);
        }
    }

    [Fact]
    public async Task Processes_that_want_the_same_rows_at_once_share_the_work()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Frozen);
        var counts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Passes(options))));
        Assert.Equal(fixture.Train.Count + fixture.Validation.Count, counts.Sum());
    }

    private long Passes(ImageClassificationTrainer.Options options)
    {
        var counter = new PassCounter();
        fixture.Run(options, counter).Dispose();
        return counter.Images;
    }
}
