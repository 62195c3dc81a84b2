using System.Globalization;

using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.Transfer;

/// <summary>Trains a network on a pretrained backbone: the head alone, then as much of the backbone as the options say, phase by phase.</summary>
internal sealed class TransferTrainer
{
    // Pooled features of a batch that is evaluated: rows of a few kilobytes, where no backbone runs for them.
    private const int MostPooled = 500;

    // Below this many weights, the steps of a head are too short to be worth sharing between threads.
    private const long MostWeightsSingly = 200_000;

    private readonly ImageClassificationTrainer.Options _options;
    private readonly ImageSet _train;
    private readonly ImageSet? _validation;
    private readonly ITrainingMonitor _monitor;
    private readonly CancellationToken _stop;
    private readonly torch.Device _device;
    private readonly PretrainedBackbone _pretrained;
    private readonly TransferNetwork _network;
    private readonly SharedBackbones? _shared;

    private TransferTrainer(TransferNetwork network, PretrainedBackbone pretrained, SharedBackbones? shared, torch.Device device, Job job)
    {
        (_network, _pretrained, _shared, _device) = (network, pretrained, shared, device);
        (_options, _train, _validation, _monitor, _stop) = job;
    }

    /// <summary>Trains until done or <paramref name="stop"/>; the caller owns the result. A training of the head alone takes its backbone from <paramref name="shared"/>, if that is given.</summary>
    /// <exception cref="DatasetException">The weights cannot be had.</exception>
    /// <exception cref="ConfigurationException">They do not fit, or there is no such stage to unfreeze.</exception>
    public static TrainedNetwork Train(
        ImageClassificationTrainer.Options options, ImageSet train, ImageSet? validation, SharedBackbones? shared, ITrainingMonitor monitor, CancellationToken stop)
    {
        var device = Devices.Resolve(options.Device);

        // A training that changes the backbone needs one of its own.
        shared = options is { Mode: FineTuning.Frozen, InitialModel: null } ? shared : null;
        var backbone = shared?.Get(options, train.Shape, monitor, stop) ?? SharedBackbone.Load(options, train.Shape, monitor, stop);
        ClassifierHead? head = null;
        try
        {
            manual_seed(options.Seed);
            set_thread_generator(options.Seed);
            head = new ClassifierHead(options.TransferOrDefault.Head, backbone.Features, train.ClassNames.Count);
            backbone.Pretrained.LoadHead(head, options.TransferOrDefault.Head, train.ClassNames);
            head.to(dtype: null, device, torch.memory_format.channels_last);
            var network = new TransferNetwork(backbone.Backbone, head, ownsBackbone: shared is null);
            return new TransferTrainer(network, backbone.Pretrained, shared, device, new(options, train, validation, monitor, stop)).Run();
        }
        catch
        {
            head?.Dispose();
            if (shared is null)
            {
                backbone.Dispose();
            }

            throw;
        }
    }

    private TrainedNetwork Run()
    {
        var phases = Phases();
        var history = TrainingHistory.Empty;
        PhaseRun? last = null;
        foreach (var phase in phases)
        {
            last?.Dispose();
            last = new PhaseRun(this, phase, phases[^1].FirstBlock, history);
            try
            {
                history = last.Train();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested && history.Epochs.Count > 0)
            {
                // Before its first step: what the phases before have learnt stands.
                var stopped = new TrainingEvent(phase.EpochsBefore + 1, TrainingEventKind.Cancelled, $"stopped before epoch {phase.EpochsBefore + 1} of {phase.PlannedEpochs}");
                _monitor.OnEvent(stopped);
                history = history with { Events = [.. history.Events, stopped] };
            }
            catch
            {
                last.Dispose();
                throw;
            }

            // A stop after a phase's last epoch is the next phase's: that has a checkpoint to take up, or says that it was not begun.
            if (history.Events.Any(happened => happened.Kind is TrainingEventKind.Diverged or TrainingEventKind.Cancelled))
            {
                break;
            }
        }

        return last!.Finish(history);
    }

    private List<TrainingPhase> Phases()
    {
        var backbone = _network.Backbone;
        var first = UnfrozenBlocks.First(backbone, _options.Mode, _options.TransferOrDefault);
        var headOnly = backbone.Blocks.Count;
        var own = new PhaseSettings(_options.Epoch, _options.LearningRate);
        if (first == headOnly)
        {
            return Numbered([(headOnly, own)]);
        }

        var steps = _options.TransferOrDefault.GradualUnfreezing ? UnfrozenBlocks.Gradually(backbone, first) : [first];
        var shares = steps.Index().Select(step => (step.Item, own with { Epochs = (_options.Epoch * (step.Index + 1) / steps.Count) - (_options.Epoch * step.Index / steps.Count) }));
        var head = new PhaseSettings(_options.TransferOrDefault.HeadEpoch, _options.TransferOrDefault.HeadLearningRate);
        return Numbered([(headOnly, head), .. shares]);
    }

    private List<TrainingPhase> Numbered(IEnumerable<(int FirstBlock, PhaseSettings Settings)> steps)
    {
        var (kept, distance, factor) = (steps.Where(step => step.Settings.Epochs > 0).ToList(), UnfrozenBlocks.StagesFromHead(_network.Backbone), _options.TransferOrDefault.StageLearningRateFactor);
        var planned = kept.Sum(step => step.Settings.Epochs);
        var phases = new List<TrainingPhase>();
        foreach (var (firstBlock, settings) in kept)
        {
            phases.Add(new TrainingPhase(
                firstBlock, settings.Epochs, settings.LearningRate, phases.Sum(phase => phase.Epochs), planned,
                factor == 1 ? null : parameter => Math.Pow(factor, distance(parameter))));
        }

        // Nothing to train: the untrained head is all there is to evaluate.
        return phases.Count > 0 ? phases : [new TrainingPhase(_network.Backbone.Blocks.Count, 0, _options.LearningRate, 0, 0, null)];
    }

    private sealed record Job(ImageClassificationTrainer.Options Options, ImageSet Train, ImageSet? Validation, ITrainingMonitor Monitor, CancellationToken Stop);

    private sealed record PhaseSettings(int Epochs, double LearningRate);

    /// <summary>One phase while it lasts: the part that it trains, and what that part takes.</summary>
    private sealed class PhaseRun : IDisposable
    {
        private readonly TransferTrainer _trainer;
        private readonly TrainingPhase _phase;
        private readonly TrainingHistory _before;
        private readonly TrainedPart _part;
        private readonly ActivationSource _source;
        private readonly NetworkEvaluator _evaluator;

        /// <param name="trainer">The training.</param>
        /// <param name="phase">The phase.</param>
        /// <param name="lastFirstBlock">The first block that the last phase trains: what comes before it stays as it is in all of them.</param>
        /// <param name="before">The phases before.</param>
        public PhaseRun(TransferTrainer trainer, TrainingPhase phase, int lastFirstBlock, TrainingHistory before)
        {
            (_trainer, _phase, _before) = (trainer, phase, before);
            var (options, classes) = (trainer._options, trainer._train.ClassNames.Count);
            _part = new TrainedPart(trainer._network, phase.FirstBlock, options.TransferOrDefault.TrainBatchNorm);
            var goesOn = options.TransferOrDefault.CacheActivations && lastFirstBlock > 0 && lastFirstBlock < phase.FirstBlock;
            _source = Source(phase.FirstBlock, goesOn ? Source(lastFirstBlock, earlier: null) : null);
            _evaluator = new NetworkEvaluator(_part, classes, _part.TakesPooled && options.TransferOrDefault.CacheActivations ? MostPooled : NetworkTrainer.EvaluationBatch(trainer._train.Shape), Losses.Of(options.Loss, labelSmoothing: 0), options.Precision);

            ActivationSource Source(int firstBlock, ActivationSource? earlier) => new(
                trainer._network, firstBlock, earlier, trainer._pretrained, trainer._shared, options, trainer._device, trainer._monitor, trainer._stop);
        }

        public TrainingHistory Train()
        {
            var options = _trainer._options with { Epoch = _phase.Epochs, LearningRate = _phase.LearningRate };
            // A head that only prepares for what follows gains nothing from views of the images that cost a pass each.
            using var train = _source.Training(_trainer._train, augmented: _phase.IsLast || _phase.FirstBlock < _trainer._network.Backbone.Blocks.Count);
            using var validation = _trainer._validation is null ? null : _source.Evaluation(_trainer._validation, _trainer._stop);
            var history = _before.Epochs.Count == 0 ? _before with { Untrained = validation is null ? null : Untrained(validation) } : Announced();
            if (_phase.Epochs == 0)
            {
                return history;
            }

            // One that was finished before is taken as it is: its images need not pass the frozen part again.
            var checkpoint = NetworkTrainer.Checkpoint(_trainer._options, _trainer._train, _trainer._validation, $"from-{_phase.FirstBlock}", _trainer._pretrained.Source);
            if (options.FindLearningRate || checkpoint?.IsFinished(options.Epoch) != true)
            {
                train.Prepare();
                validation?.Prepare();
            }

            using var classWeights = ClassWeighting.Of(options.ClassWeights, _trainer._train, _trainer._device);
            var loss = Losses.Of(options.Loss, options.LabelSmoothing, classWeights);
            using var step = new SingleStep(_part, new StepContext(train, loss, options.Precision, _trainer._network.Head.Penalty), _trainer._device);
            using var singly = train is CachedBatches && _part.TakesPooled && _trainer._network.Head.Weights < MostWeightsSingly ? new ThreadLimit(1) : null;
            using var earlier = new Snapshot(_part, history.Best());
            LearningRateSweep? sweep = null;
            if (_phase.IsLast)
            {
                (options, sweep) = LearningRateFinder.Apply(options, _part, step, train, _phase, _trainer._monitor, _trainer._stop);
            }

            using var loop = new TrainingLoop(_part, step, train, validation, _evaluator, options, checkpoint, _trainer._monitor, _phase);
            var own = loop.Run(_trainer._stop);
            history = history.Followed(own) with { LearningRateSweep = sweep };
            return earlier.PutBackIfBetter(own.Best(), compare: options.RestoreBestWeights && validation is not null) is { } kept ? Report(history, kept) : history;
        }

        /// <summary>The trained network; it takes over what this phase holds.</summary>
        public TrainedNetwork Finish(TrainingHistory history) => new(
            _trainer._network, _evaluator, images => _source.Evaluation(images, CancellationToken.None), _trainer._options, _trainer._train.ClassNames, _trainer._pretrained.Preprocessing, () => Architectures.NetworkSummary.Of(_trainer._network, _trainer._train.Shape), history, _trainer._device, this)
        {
            Weights = _trainer._pretrained.Source,
        };

        public void Dispose()
        {
            _source.Dispose();
            _part.Dispose();
        }

        private UntrainedFigures Untrained(IBatches validation)
        {
            var figures = _evaluator.Evaluate(validation);
            return new UntrainedFigures(figures.Loss, figures.Accuracy);
        }

        private TrainingHistory Announced()
        {
            var blocks = _trainer._network.Backbone.Blocks;
            return Report(_before, new TrainingEvent(
                _phase.EpochsBefore + 1, TrainingEventKind.Unfrozen, $"the backbone is trained from {blocks[_phase.FirstBlock].Name} on: {blocks.Count - _phase.FirstBlock} of {blocks.Count} blocks"));
        }

        private TrainingHistory Report(TrainingHistory history, TrainingEvent happened)
        {
            _trainer._monitor.OnEvent(happened);
            return history with
            {
                Events = [.. history.Events, happened],
                BestEpoch = happened.Kind == TrainingEventKind.BestRestored ? happened.Epoch : history.BestEpoch,
            };
        }
    }

    /// <summary>The weights as a phase found them, for the case that it makes them worse or breaks them.</summary>
    private sealed class Snapshot : IDisposable
    {
        private readonly TrainedPart _part;
        private readonly EpochRecord? _best;
        private readonly Dictionary<string, Tensor> _weights = [];

        public Snapshot(TrainedPart part, EpochRecord? best)
        {
            (_part, _best) = (part, best);
            if (best is not null)
            {
                _weights = WeightCopy.Of(part);
            }
        }

        /// <summary>Puts the weights back where the phase has no whole epoch, or its best is not as good as the best one before; says so then.</summary>
        /// <param name="after">The phase's best epoch.</param>
        /// <param name="compare">Whether the better of both is wanted, or the later where there is one.</param>
        public TrainingEvent? PutBackIfBetter(EpochRecord? after, bool compare)
        {
            var whole = after is { IsBroken: false };
            if (_weights.Count == 0 || (whole && !(compare && _best!.ValidationAccuracy > after!.ValidationAccuracy)))
            {
                return null;
            }

            _part.load_state_dict(_weights);
            return new TrainingEvent(_best!.Epoch, TrainingEventKind.BestRestored, whole
                ? string.Create(CultureInfo.InvariantCulture, $"fine-tuning did not pay: the model has the weights of epoch {_best.Epoch} (validation {_best.ValidationAccuracy:0.00%}, after it at best {after!.ValidationAccuracy:0.00%})")
                : string.Create(CultureInfo.InvariantCulture, $"fine-tuning ended within its first epoch: the model has the weights of epoch {_best.Epoch}, before it"));
        }

        public void Dispose() => WeightCopy.Free(_weights);
    }
}
