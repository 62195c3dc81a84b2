using System.Diagnostics;
using System.Globalization;

using MLNetCnn.Training.Callbacks;

namespace MLNetCnn.Training;

/// <summary>Trains a network epoch by epoch: batches → step → optimizer, then validation and callbacks.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly Module<Tensor, Tensor> _network;
    private readonly ImageClassificationTrainer.Options _options;
    private readonly ImageBatches _train;
    private readonly ImageBatches? _validation;
    private readonly NetworkEvaluator _evaluator;
    private readonly ITrainingStep _step;
    private readonly optim.Optimizer _optimizer;
    private readonly BestWeights _best;
    private readonly List<ITrainingCallback> _callbacks;
    private readonly TrainingControl _control;
    private readonly ITrainingMonitor _monitor;
    private readonly List<EpochRecord> _epochs = [];
    private readonly List<TrainingEvent> _events = [];
    private readonly CheckpointFolder? _checkpoint;

    public TrainingLoop(
        Module<Tensor, Tensor> network,
        ITrainingStep step,
        ImageBatches train,
        ImageBatches? validation,
        NetworkEvaluator evaluator,
        ImageClassificationTrainer.Options options,
        CheckpointFolder? checkpoint,
        ITrainingMonitor monitor)
    {
        (_network, _step, _train, _validation) = (network, step, train, validation);
        (_evaluator, _options, _checkpoint, _monitor) = (evaluator, options, checkpoint, monitor);
        _optimizer = Optimizers.Create(network, options);
        _best = new BestWeights(network);
        _control = new TrainingControl(Report);
        _callbacks = [_best];
        if (options.EarlyStoppingCriteria is { } stopping)
        {
            _callbacks.Add(new EarlyStoppingCallback(stopping));
        }

        if (options.ReduceOnPlateau is { } plateau)
        {
            _callbacks.Add(new ReduceOnPlateauCallback(plateau, options.LearningRate));
        }
    }

    private bool KeepsBest => _options.RestoreBestWeights && _validation is not null;

    /// <summary>Trains until the last epoch, an early stop, divergence or <paramref name="stop"/>.</summary>
    public TrainingHistory Run(CancellationToken stop)
    {
        Resume();
        while (_epochs.Count < _options.Epoch && !_control.StopRequested)
        {
            var epoch = TrainEpoch(_epochs.Count + 1, stop);
            if (epoch is null)
            {
                Report(new TrainingEvent(_epochs.Count + 1, TrainingEventKind.Cancelled, $"stopped in epoch {_epochs.Count + 1} of {_options.Epoch}"));
                break;
            }

            Finish(epoch);
        }

        return new TrainingHistory(_epochs, _events, RestoreBest());
    }

    public void Dispose()
    {
        _best.Dispose();
        _optimizer.Dispose();
    }

    private void Finish(EpochRecord epoch)
    {
        _epochs.Add(epoch);
        _monitor.OnEpoch(epoch, _options.Epoch);
        NotifyMetrics(epoch);
        if (!double.IsFinite(epoch.TrainLoss))
        {
            Report(new TrainingEvent(epoch.Epoch, TrainingEventKind.Diverged, "the training loss is no longer a number: lower the learning rate"));
            _control.Stop();
        }

        foreach (var callback in _callbacks)
        {
            callback.OnEpochEnd(epoch, _control);
        }

        _checkpoint?.Save(new CheckpointState(_network, _optimizer, _callbacks, _best, _control, _epochs, _events));
    }

    private void Resume()
    {
        if (_checkpoint?.TryLoad(new CheckpointState(_network, _optimizer, _callbacks, _best, _control, _epochs, _events)) == true)
        {
            Report(new TrainingEvent(_epochs.Count, TrainingEventKind.Resumed, $"went on after epoch {_epochs.Count}"));
        }
    }

    private EpochRecord? TrainEpoch(int epoch, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var seed = EpochSeed(epoch);
        using var order = _train.BeginEpoch(seed);
        _network.train();
        _step.BeginEpoch(seed);
        for (var start = 0; start < _train.Count; start += _options.BatchSize)
        {
            if (stop.IsCancellationRequested)
            {
                return null;
            }

            var count = Math.Min(_options.BatchSize, _train.Count - start);
            SetLearningRate(epoch, start);
            _optimizer.zero_grad();
            _step.Run(order, start, count);
            _optimizer.step();
            _monitor.OnBatch(epoch, start + count, _train.Count);
        }

        var (lossSum, correct) = _step.Totals();
        var validation = _validation is null ? null : _evaluator.Evaluate(_validation);
        return new EpochRecord(
            epoch,
            lossSum / _train.Count,
            correct / _train.Count,
            validation?.Loss,
            validation?.Accuracy,
            _optimizer.ParamGroups.First().LearningRate,
            clock.Elapsed.TotalSeconds);
    }

    // Every epoch draws from its own seed: a resumed training needs no saved generator to give the same bits.
    private long EpochSeed(int epoch) => ((long)_options.Seed * 1_000_003) + epoch;

    private void SetLearningRate(int epoch, int start)
    {
        var progress = (epoch - 1 + ((double)start / _train.Count)) / _options.Epoch;
        var rate = _options.LearningRate * LearningRates.Factor(_options.Schedule, progress) * _control.LearningRateFactor;
        foreach (var group in _optimizer.ParamGroups)
        {
            group.LearningRate = rate;
        }
    }

    private int RestoreBest()
    {
        var diverged = _events.Any(happened => happened.Kind == TrainingEventKind.Diverged);
        if (diverged && _best.Epoch == 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"the loss was no longer a number in the first epoch, at learning rate {_options.LearningRate}: lower it"));
        }

        // A broken epoch leaves broken weights, and a stopped one weights that were never validated.
        var whole = !diverged && _events.LastOrDefault()?.Kind != TrainingEventKind.Cancelled;
        if (_best.Epoch == 0 || (whole && (!KeepsBest || _best.Epoch == _epochs.Count)))
        {
            return _epochs.Count;
        }

        _best.Restore();
        Report(new TrainingEvent(_best.Epoch, TrainingEventKind.BestRestored, string.Create(
            CultureInfo.InvariantCulture, $"the model has the weights of epoch {_best.Epoch}, the best that was finished")));
        return _best.Epoch;
    }

    private void NotifyMetrics(EpochRecord epoch)
    {
        if (_options.MetricsCallback is not { } callback)
        {
            return;
        }

        var batches = (_train.Count + _options.BatchSize - 1) / _options.BatchSize;
        callback(new(new(DatasetUsed.Train, epoch.Epoch, batches, epoch.TrainAccuracy, epoch.TrainLoss, epoch.LearningRate)));
        if (epoch is { ValidationAccuracy: { } accuracy, ValidationLoss: { } loss })
        {
            callback(new(new(DatasetUsed.Validation, epoch.Epoch, batches, accuracy, loss, epoch.LearningRate)));
        }
    }

    private void Report(TrainingEvent trainingEvent)
    {
        _events.Add(trainingEvent);
        _monitor.OnEvent(trainingEvent);
    }
}
