using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

public sealed class LearningRateFinderTests(FashionMnist data) : IClassFixture<FashionMnist>
{
    [Fact]
    public void The_found_rate_lies_where_the_loss_falls_and_looking_for_it_leaves_no_trace()
    {
        var options = new ImageClassificationTrainer.Options { Arch = "lenet-5", Epoch = 1, BatchSize = 32, FindLearningRate = true, Optimizer = new() { Kind = OptimizerKind.Adam } };
        using var found = NetworkTrainer.Train(options, data.Dataset.Train, null, SilentMonitor.Instance, CancellationToken.None);
        var sweep = found.History.LearningRateSweep!;
        Assert.Equal(sweep.Rates.Order(), sweep.Rates);
        var suggestion = Assert.NotNull(sweep.Suggestion);
        Assert.InRange(suggestion, 1e-5, 1e-1);
        var (taken, lowest) = (sweep.Rates.ToList().IndexOf(suggestion), sweep.Losses.ToList().IndexOf(sweep.Losses.Min()));
        Assert.InRange(taken, 1, lowest - 1);
        Assert.True(sweep.Losses[taken - 1] > sweep.Losses[taken + 1]);

        using var given = NetworkTrainer.Train(options with { FindLearningRate = false, LearningRate = suggestion }, data.Dataset.Train, null, SilentMonitor.Instance, CancellationToken.None);
        Assert.Equal(given.History.Epochs[0].TrainLoss, found.History.Epochs[0].TrainLoss);
    }

    [Fact]
    public void Its_steps_are_those_of_the_training_with_gradients_cut_short_too()
    {
        var options = new ImageClassificationTrainer.Options { Arch = "lenet-5", Epoch = 1, BatchSize = 32, FindLearningRate = true, GradientClipping = 1e-4 };
        using var found = NetworkTrainer.Train(options, data.Dataset.Train, null, SilentMonitor.Instance, CancellationToken.None);
        var sweep = found.History.LearningRateSweep!;
        Assert.Equal(1, sweep.Rates[^1], 1e-9);
        Assert.InRange(sweep.Losses[^1], sweep.Losses[0] - 0.05, sweep.Losses[0] + 0.05);
    }

    [Fact]
    public void Rare_classes_count_as_much_as_others_where_asked_for()
    {
        var images = data.Dataset.Train.Subset([.. Enumerable.Range(0, data.Dataset.Train.Count).Where(i => data.Dataset.Train.Labels[i] % 2 == 0 || i % 3 == 0)]);
        using var weights = ClassWeighting.Of(ClassWeights.Balanced, images, CPU);
        var expected = Testing.PythonOracle.Run(
            """
            from sklearn.utils.class_weight import compute_class_weight
            labels = inputs['labels']
            outputs = {'weights': compute_class_weight('balanced', classes=np.unique(labels), y=labels).astype(np.float32)}
            """,
            new() { ["labels"] = Testing.PythonOracle.Array(images.Labels.ToArray().Select(label => (long)label).ToArray(), images.Count) });
        Assert.Equal(Testing.PythonOracle.Floats(expected["weights"]), weights!.ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-5);

        // A class without an image takes no part: those that are there have the weights that they have among themselves.
        var some = images.Subset([.. Enumerable.Range(0, images.Count).Where(i => images.Labels[i] < 4)]);
        using var fewer = ClassWeighting.Of(ClassWeights.Balanced, some, CPU);
        Assert.Equal(1, some.Labels.ToArray().Average(label => fewer!.ToArray<float>()[label]), 1e-5);
        Assert.Equal(0, fewer!.ToArray<float>()[9]);
    }

    [Fact]
    public void A_training_takes_the_rates_of_PyTorchs_cosine_after_a_linear_warm_up()
    {
        var images = data.Dataset.Train.Subset([.. Enumerable.Range(0, 100)]);
        var options = new ImageClassificationTrainer.Options { Arch = "lenet-5", Epoch = 5, BatchSize = 10, LearningRate = 0.1, Schedule = LearningRateSchedule.Cosine, WarmUpEpoch = 1.5, EarlyStoppingCriteria = null };
        using var trained = NetworkTrainer.Train(options, images, null, SilentMonitor.Instance, CancellationToken.None);
        var expected = Testing.PythonOracle.Floats(Testing.PythonOracle.Run(
            """
            import torch
            from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR
            def rates(schedule):
                optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
                schedule, rates = schedule(optimizer), []
                for step in range(50):
                    rates.append(optimizer.param_groups[0]['lr'])
                    optimizer.step(); schedule.step()
                return np.array(rates)
            product = 0.1 * rates(lambda o: CosineAnnealingLR(o, T_max=50)) * rates(lambda o: LambdaLR(o, lambda step: min(1, (step + 1) / 15)))
            outputs = {'last': product[9::10].astype(np.float32)}
            """)["last"]);
        Assert.Equal(expected, trained.History.Epochs.Select(epoch => (float)epoch.LearningRate), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_batch_in_parts_gives_the_gradients_of_the_batch_and_long_ones_are_shortened()
    {
        var options = new ImageClassificationTrainer.Options { Arch = "lenet-5", Epoch = 1, BatchSize = 60, LearningRate = 0.1, ValidationSetFraction = 0 };
        double Loss(ImageClassificationTrainer.Options changed)
        {
            using var trained = NetworkTrainer.Train(changed, data.Dataset.Train, null, SilentMonitor.Instance, CancellationToken.None);
            return trained.History.Epochs[0].TrainLoss;
        }

        var whole = Loss(options);
        Assert.Equal(whole, Loss(options with { GradientAccumulation = 4 }), 1e-3);
        Assert.True(Loss(options with { GradientClipping = 1e-3 }) > whole + 0.01);
        Assert.True(Loss(options with { WarmUpEpoch = 1 }) > whole);
    }
}
