using System.Text.Json;

using MLNetCnn.Testing;
using MLNetCnn.Training;
using MLNetCnn.Training.Callbacks;

namespace MLNetCnn.Tests.Training;

public sealed class CallbackTests
{
    private static readonly double[] ValidationLosses = [1.0, 0.9, 0.95, 0.93, 0.92, 0.91, 0.89995, 0.8, 0.85, 0.86, 0.87, 0.88, 0.89, 0.9, 0.91, 0.92];

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 2)]
    [InlineData(1, 1)]
    public void The_plateau_callback_moves_the_learning_rate_as_PyTorch_does_with_the_counts_of_Keras(int patience, int cooldown)
    {
        var control = new TrainingControl(_ => { });
        var callback = new ReduceOnPlateauCallback(new ReduceOnPlateau { Factor = 0.5, Patience = patience, Cooldown = cooldown, MinDelta = 1e-3 }, 0.1);
        var ours = new List<float>();
        foreach (var (index, loss) in ValidationLosses.Index())
        {
            callback.OnEpochEnd(new EpochRecord(index + 1, loss, 0, loss, 0, 0.1, 0), control);
            ours.Add((float)(0.1 * control.LearningRateFactor));
        }

        // Keras, whose studies are rerun, lowers the rate when `patience` epochs have passed, PyTorch when one more has; and Keras'
        // cooldown ends in the epoch in which PyTorch's has one more to go.
        var expected = PythonOracle.Run(
            """
            import torch
            optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
            schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
                optimizer, factor=0.5, patience=int(inputs['patience']) - 1, cooldown=max(0, int(inputs['cooldown']) - 1), threshold=1e-3, threshold_mode='abs')
            rates = []
            for loss in inputs['losses']:
                schedule.step(loss)
                rates.append(optimizer.param_groups[0]['lr'])
            outputs = {'rates': np.array(rates, np.float32)}
            """,
            new() { ["patience"] = patience, ["cooldown"] = cooldown, ["losses"] = JsonSerializer.SerializeToNode(ValidationLosses) });
        Assert.Equal(PythonOracle.Floats(expected["rates"]), ours);
    }

    [Fact]
    public void Early_stopping_ends_training_after_patience_epochs_without_improvement()
    {
        var control = new TrainingControl(_ => { });
        var callback = new EarlyStoppingCallback(new EarlyStopping { Patience = 3, MinDelta = 0, Metric = EarlyStoppingMetric.Loss });
        var stopped = ValidationLosses.Index().First(entry =>
        {
            callback.OnEpochEnd(new EpochRecord(entry.Index + 1, 0, 0, entry.Item, 0, 0.1, 0), control);
            return control.StopRequested;
        });
        Assert.Equal(4, stopped.Index);
    }

    [Fact]
    public void The_one_cycle_schedule_follows_PyTorch()
    {
        const int Steps = 2_000;
        var expected = PythonOracle.Floats(PythonOracle.Run(
            """
            import torch
            optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0, momentum=0.9)
            schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=2000)
            rates = []
            for step in range(2000):
                rates.append(optimizer.param_groups[0]['lr'])
                optimizer.step()
                schedule.step() if step < 1999 else None
            outputs = {'rates': np.array(rates, np.float32)}
            """)["rates"]);
        for (var step = 0; step < Steps; step++)
        {
            // PyTorch's peak stands one step earlier: at a slope of at most 1/380 a step.
            Assert.Equal(expected[step], LearningRates.Factor(LearningRateSchedule.OneCycle, (double)step / Steps), 3e-3);
        }
    }
}
