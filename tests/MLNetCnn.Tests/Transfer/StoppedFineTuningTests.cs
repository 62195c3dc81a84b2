using MLNetCnn.Evaluation;
using MLNetCnn.Testing;
using MLNetCnn.Tests.Training;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Transfer;

/// <summary>What a fine-tuning leaves that was stopped or killed, and what goes on from there.</summary>
public sealed class StoppedFineTuningTests(TransferFixture fixture) : IClassFixture<TransferFixture>
{
    [Fact]
    public void A_checkpoint_of_other_weights_is_not_gone_on_from()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Frozen);
        var weights = folder["own.safetensors"];
        File.Copy(options.Transfer!.Weights!, weights);
        options = options with { WorkspacePath = folder["work"], Transfer = options.Transfer with { Weights = weights } };
        using (var stop = new CancellationTokenSource())
        using (fixture.Run(options, new StopAfter(2, stop), stop.Token))
        {
        }

        var bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        using var other = fixture.Run(options);
        Assert.DoesNotContain(other.History.Events, happened => happened.Kind == TrainingEventKind.Resumed);
    }

    [Theory]
    [InlineData(FineTuning.Frozen, 2)]
    [InlineData(FineTuning.Partial, 4)]
    public void A_training_that_was_stopped_leaves_a_network_that_can_be_evaluated_on_images_it_has_not_seen(FineTuning mode, int epochs)
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        using var stopped = fixture.Run(fixture.Options(folder, mode), new StopAfter(epochs, stop), stop.Token);
        Assert.Equal(epochs, stopped.History.Epochs.Count);
        Assert.Equal(fixture.Dataset.Test!.Count * 10, stopped.Probabilities(fixture.Dataset.Test!).Length);
    }

    [Fact]
    public void A_training_that_was_stopped_between_two_phases_keeps_what_the_first_has_learnt()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var options = fixture.Options(folder, FineTuning.Partial) with { Augmentation = new() { Transforms = [new MLNetCnn.Augmentation.RandomHorizontalFlip()] } };
        using var stopped = fixture.Run(options, new StopInView(stop), stop.Token);
        Assert.Equal([1, 2], stopped.History.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(TrainingEventKind.Cancelled, stopped.History.Events[^1].Kind);
        Assert.NotEmpty(stopped.Probabilities(fixture.Dataset.Test!));
    }

    [Fact]
    public void A_killed_training_goes_on_in_its_phase_and_ends_with_the_bits_of_an_uninterrupted_one()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Partial) with { WorkspacePath = folder["work"], WeightAverage = 0.9 };
        using var whole = fixture.Run(options with { WorkspacePath = null });
        using var stop = new CancellationTokenSource();
        using (fixture.Run(options, new StopAfter(3, stop), stop.Token))
        {
        }

        using var resumed = fixture.Run(options);
        Assert.Contains(resumed.History.Events, happened => happened.Kind == TrainingEventKind.Resumed);
        Assert.Equal(whole.History.Epochs.Select(epoch => epoch.TrainLoss), resumed.History.Epochs.Select(epoch => epoch.TrainLoss));
        Assert.Equal(TransferFixture.Values(whole.Network), TransferFixture.Values(resumed.Network));
    }

    [Fact]
    public void A_training_that_was_stopped_at_the_end_of_a_phase_is_not_taken_for_a_whole_one()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        using var stopped = fixture.Run(fixture.Options(folder, FineTuning.Partial), new StopAfter(2, stop), stop.Token);
        Assert.Equal(2, stopped.History.Epochs.Count);
        Assert.Contains(stopped.History.Events, happened => happened.Kind == TrainingEventKind.Cancelled);
    }

    [Fact]
    public void What_a_stopped_training_has_learnt_is_there_without_another_step()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Partial) with { WorkspacePath = folder["work"] };
        using var stop = new CancellationTokenSource();
        using (fixture.Run(options, new StopAfter(3, stop), stop.Token))
        {
        }

        using var learnt = fixture.Run(options, null, stop.Token);
        Assert.Equal([1, 2, 3], learnt.History.Epochs.Select(epoch => epoch.Epoch));
        Assert.Contains(learnt.History.Events, happened => happened.Kind == TrainingEventKind.Cancelled);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Fine_tuning_that_ends_within_its_first_epoch_leaves_the_head_as_it_was(bool diverges, bool best)
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var options = fixture.Options(folder, FineTuning.Full) with { RestoreBestWeights = best };
        options = diverges ? options with { LearningRate = 1e30, Optimizer = new() { Kind = OptimizerKind.Sgd } } : options;
        using var trained = fixture.Run(options, diverges ? null : new StopAfter(2, stop, within: true), stop.Token);

        Assert.Contains("within its first epoch", trained.History.Events[^1].Detail, StringComparison.Ordinal);
        var kept = trained.History.Best()!;
        Assert.InRange(kept.Epoch, 1, 2);
        var images = fixture.Validation;
        Assert.Equal(kept.ValidationAccuracy!.Value, ClassificationEvaluator.Evaluate(images.Labels, trained.Probabilities(images), images.ClassNames.Count).MicroAccuracy, 1e-9);
    }

    /// <summary>Stops a training in the pass that makes augmented views, which the phase after the head begins with.</summary>
    private sealed class StopInView(CancellationTokenSource stop) : ITrainingMonitor
    {
        public void OnPreparation(string what, long done, long total)
        {
            if (what.Contains("view", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }

        public void OnBatch(int epoch, int images, int total)
        {
        }

        public void OnEpoch(EpochRecord record, int plannedEpochs)
        {
        }

        public void OnEvent(TrainingEvent trainingEvent)
        {
        }
    }
}
