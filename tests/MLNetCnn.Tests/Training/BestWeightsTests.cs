using MLNetCnn.Evaluation;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

public sealed class BestWeightsTests(FashionMnist data) : IClassFixture<FashionMnist>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_network_has_the_weights_of_its_best_epoch_where_that_is_asked_for(bool best)
    {
        // The learning rate grows until it ruins what the first epochs learnt.
        var options = new ImageClassificationTrainer.Options
        {
            Arch = "mlp",
            Epoch = 6,
            WarmUpEpoch = 6,
            BatchSize = 50,
            LearningRate = 0.3,
            Optimizer = new OptimizerSettings { Kind = OptimizerKind.Adam },
            RestoreBestWeights = best,
            EarlyStoppingCriteria = null,
        };
        var held = data.Dataset.Test!;
        using var trained = NetworkTrainer.Train(options, data.Dataset.Train, held, SilentMonitor.Instance, CancellationToken.None);

        var accuracy = ClassificationEvaluator.Evaluate(held.Labels, trained.Probabilities(held), held.ClassNames.Count).MicroAccuracy;
        var (first, last) = (trained.History.Epochs.MaxBy(epoch => epoch.ValidationAccuracy)!, trained.History.Epochs[^1]);
        Assert.True(first.ValidationAccuracy > last.ValidationAccuracy + 0.1, $"{first.ValidationAccuracy} at best, {last.ValidationAccuracy} at the end");
        Assert.Equal((best ? first : last).ValidationAccuracy!.Value, accuracy, 1e-9);
        Assert.Equal(best ? [first.Epoch] : [], trained.History.Events.Where(happened => happened.Kind == TrainingEventKind.BestRestored).Select(_ => trained.History.BestEpoch));
    }
}
