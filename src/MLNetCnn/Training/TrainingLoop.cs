using System.Diagnostics;
using System.Globalization;

using MLNetCnn.Training.Callbacks;

namespace MLNetCnn.Training;

/// <summary>Trains a network epoch by epoch: batches → step → optimizer, then validation and callbacks.</summary>
internal sealed class TrainingLoop : IDisposable
{
    // How far above ln(classes), the loss of guessing, a first epoch may be.
    private const double StartLossLimit = 1.5;

    private readonly Module<Tensor, Tensor> _network;
    private readonly ImageClassificationTrainer.Options _options;
    private readonly IBatches _train;
    private readonly IBatches? _validation;
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
    private readonly TrainingPhase _phase;
    private readonly IReadOnlyList<double> _rateFactors;
    private readonly WeightAverage? _average;
    private readonly BatchNormStatistics? _statistics;
    private double _rate;

    public TrainingLoop(
        Module<Tensor, Tensor> network,
        ITrainingStep step,
        IBatches train,
        IBatches? validation,
        NetworkEvaluator evaluator,
        ImageClassificationTrainer.Options options,
        CheckpointFolder? checkpoint,
        ITrainingMonitor monitor,
        TrainingPhase phase)
    {
        (_network, _step, _train, _validation) = (network, step, train, validation);
        (_evaluator, _options, _checkpoint, _monitor, _phase) = (evaluator, options, checkpoint, monitor, phase);
        (_optimizer, _rateFactors) = Optimizers.Create(network, options, phase.RateFactor);
        _best = new BestWeights(network);
        _average = options.WeightAverage is { } decay ? new WeightAverage(network, decay) : null;
        _statistics = options.BatchNormImages is { } images ? new BatchNormStatistics(network, images, options.Precision) : null;
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

    // Epochs are counted over all phases.
    private int Done => _phase.EpochsBefore + _epochs.Count;

    private bool KeepsBest => _options.RestoreBestWeights && _validation is not null;

    /// <summary>Trains until the last epoch, an early stop, divergence or <paramref name="stop"/>.</summary>
    public TrainingHistory Run(CancellationToken stop)
    {
        Resume();
        while (_epochs.Count < _options.Epoch && !_control.StopRequested)
        {
            var epoch = TrainEpoch(Done + 1, stop);
            if (epoch is null)
            {
                Report(new TrainingEvent(Done + 1, TrainingEventKind.Cancelled, $"stopped in epoch {Done + 1} of {_phase.PlannedEpochs}"));
                break;
            }

            Finish(epoch);
        }

        return new TrainingHistory(_epochs, _events, RestoreBest());
    }

    public void Dispose()
    {
        _best.Dispose();
        _average?.Dispose();
        _optimizer.Dispose();
    }

    private void Finish(EpochRecord epoch)
    {
        _epochs.Add(epoch);
        _monitor.OnEpoch(epoch, _phase.PlannedEpochs);
        NotifyMetrics(epoch);
        if (epoch.IsBroken)
        {
            Report(new TrainingEvent(epoch.Epoch, TrainingEventKind.Diverged, "the training loss is no longer a number: lower the learning rate"));
            _control.Stop();
        }

        if (epoch.Epoch == 1 && _options.Loss == LossKind.CrossEntropy && epoch.TrainLoss > StartLossLimit * Math.Log(_evaluator.Classes))
        {
            Report(new TrainingEvent(1, TrainingEventKind.Warning, string.Create(
                CultureInfo.InvariantCulture, $"the first epoch's loss is {epoch.TrainLoss:0.00}, guessing has ln({_evaluator.Classes}) = {Math.Log(_evaluator.Classes):0.00}: the learning rate {_rate:0.#####} is probably too high")));
        }

        foreach (var callback in _callbacks)
        {
            callback.OnEpochEnd(epoch, _control);
        }

        _average?.Swap();
        if (!Diverged)
        {
            // Nothing goes on from broken weights.
            _checkpoint?.SaveIfDue(State(), _epochs.Count >= _options.Epoch || _control.StopRequested);
        }
    }

    private bool Diverged => _events.Any(happened => happened.Kind == TrainingEventKind.Diverged);

    private CheckpointState State() => new(_network, _optimizer, _callbacks, _best, _average, _control, _epochs, _events);

    private void Resume()
    {
        if (_checkpoint?.TryLoad(State()) == true)
        {
            Report(new TrainingEvent(Done, TrainingEventKind.Resumed, $"went on after epoch {Done}"));
        }
    }

    private EpochRecord? TrainEpoch(int epoch, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var seed = EpochSeed(epoch);
        using var order = _train.BeginEpoch(seed);
        _network.train();
        _step.BeginEpoch(seed);
        for (var (start, count) = (0, 0); start < _train.Count; start += count)
        {
            if (stop.IsCancellationRequested)
            {
                return null;
            }

            // An image alone has no statistics for a BatchNorm: the last one joins the batch before.
            count = Math.Min(_options.BatchSize, _train.Count - start);
            count += start + count == _train.Count - 1 ? 1 : 0;
            SetLearningRate(epoch, start);
            Step(order, start, count);
            _monitor.OnBatch(epoch, start + count, _train.Count);
        }

        var (lossSum, correct) = _step.Totals();
        _average?.Swap();
        _statistics?.Measure(_train, order, Math.Max(2, _options.BatchSize / _options.GradientAccumulation));
        var validation = _validation is null ? null : _evaluator.Evaluate(_validation);
        return new EpochRecord(
            epoch,
            validation is null && !_evaluator.GivesNumbers(_train, order) ? double.NaN : lossSum / _train.Count,
            correct / _train.Count,
            validation?.Loss,
            validation?.Accuracy,
            _rate,
            clock.Elapsed.TotalSeconds);
    }

    private void Step(Tensor order, int start, int count)
    {
        _step.Step(_optimizer, order, start, count, _options);
        _average?.Update();
    }

    // Every epoch draws from its own seed: a resumed training needs no saved generator to give the same bits.
    private long EpochSeed(int epoch) => ((long)_options.Seed * 1_000_003) + epoch;

    private void SetLearningRate(int epoch, int start)
    {
        var epochs = epoch - 1 - _phase.EpochsBefore + ((double)start / _train.Count);
        var warmUp = epochs < _options.WarmUpEpoch ? (epochs + ((double)_options.BatchSize / _train.Count)) / _options.WarmUpEpoch : 1;
        _rate = _options.LearningRate * LearningRates.Factor(_options.Schedule, epochs / _options.Epoch) * Math.Min(1, warmUp) * _control.LearningRateFactor;
        foreach (var (index, group) in _optimizer.ParamGroups.Index())
        {
            group.LearningRate = _rate * _rateFactors[index];
        }
    }

    private int RestoreBest()
    {
        var diverged = Diverged;
        if (diverged && _best.Epoch == 0 && _phase.EpochsBefore == 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"the loss was no longer a number in the first epoch, at learning rate {_options.LearningRate}: lower it"));
        }

        // A broken epoch leaves broken weights, and a stopped one weights that were never validated.
        var whole = !diverged && _events.LastOrDefault()?.Kind != TrainingEventKind.Cancelled;
        if (_best.Epoch == 0 || (whole && (!KeepsBest || _best.Epoch == Done)))
        {
            _average?.Keep();
            return Done;
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

        // One image that is left over joins the batch before.
        var batches = Math.Max(1, (_train.Count + _options.BatchSize - 2) / _options.BatchSize);
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
