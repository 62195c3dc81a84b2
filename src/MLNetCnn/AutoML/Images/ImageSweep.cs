using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.AutoML;

/// <summary>
/// A search for the best classifier of one dataset: trials on the training and validation images, the best of them evaluated on the test
/// images, once, at the end. What was done is kept in a trial store and a folder, so that a sweep that was killed goes on where it was.
/// </summary>
public sealed class ImageSweep
{
    // Trials differ by less than chance does on fewer validation images; more than so large a share would be missed in training.
    private const double WantedValidation = 1000;
    private const double LargestShare = 0.2;
    private const string ShareSetting = "validationSetFraction";

    private SweepSettings _settings;
    private readonly SizedDatasets _datasets;
    private readonly ImageClassificationTrainer.Options _given;
    private readonly string _folder;
    private readonly ITrialStore _store;

    /// <summary>Prepares a sweep.</summary>
    /// <param name="settings">What to search, and what it may cost.</param>
    /// <param name="datasets">The images; they stay the caller's.</param>
    /// <param name="device">Where trials run.</param>
    /// <param name="sources">Where weights are looked for, and where caches are.</param>
    /// <param name="store">Where trials are kept; it stays the caller's.</param>
    /// <param name="folder">Where to write.</param>
    /// <exception cref="ConfigurationException">The settings cannot be used; all problems at once.</exception>
    public ImageSweep(SweepSettings settings, SizedDatasets datasets, string device, SourceOptions sources, ITrialStore store, string folder)
    {
        (_settings, _datasets, _store, _folder) = (settings, datasets, store, folder);
        try
        {
            _given = settings.Training.Deserialize<ImageClassificationTrainer.Options>(RecordJson.Options)! with { Device = device, Sources = sources };
        }
        catch (JsonException error)
        {
            throw new ConfigurationException($"the settings that trials go from: {RecordJson.Explain(error)}");
        }

        ConfigurationException.ThrowIfAny(settings.Experiment.Problems());
    }

    /// <summary>
    /// The settings of trainers that trials go from where nobody gives others. The share of the images to validate on is left out: it
    /// depends on how many there are.
    /// </summary>
    public static JsonObject DefaultTraining
    {
        get
        {
            var training = TrialOptions.ToJson(TrialOptions.Default);
            training.Remove(ShareSetting);
            return training;
        }
    }

    /// <summary>Why trials of a space could not be compared, one sentence each.</summary>
    /// <param name="space">The space.</param>
    public static IEnumerable<string> Problems(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return TrialOptions.Problems(space);
    }

    /// <summary>The default space for the dataset, the time that is left and the weights that are at hand or can be fetched; what it takes to measure how fast networks are here goes into <see cref="SecondsBefore"/>.</summary>
    /// <param name="progress">Told how the fetching goes, which is not of the budget: the next sweep has the weights.</param>
    /// <param name="stop">Ends the fetching and the measuring.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> has ended them.</exception>
    public SearchSpace DefaultSpace(IProgress<DataProgress>? progress, CancellationToken stop)
    {
        var own = _datasets.Own;
        var all = own.Train.Count + (own.Validation?.Count ?? 0) + (own.Test?.Count ?? 0);
        var train = NetworkTrainer.HoldOut(own, Options).Train.Count;
        var available = DefaultSearchSpaces.Available(Options, own.Train.Shape, train, progress, stop);
        _settings = _settings with { MissingBackbones = available.Missing };
        double? left = _settings.Experiment.Seconds is { } seconds ? Math.Max(0, seconds - SecondsBefore) : null;
        var clock = Stopwatch.StartNew();
        var space = DefaultSearchSpaces.For(own.Train.Shape, own.Train.MedianOriginalSide, own.ClassNames, train, all, left, available.Names, Options.Device, stop);
        SecondsBefore += clock.Elapsed.TotalSeconds;
        return space;
    }

    /// <summary>Why backbones are not in the default space, by their names; of one that was made earlier, as the settings say.</summary>
    public IReadOnlyDictionary<string, string> MissingBackbones => _settings.MissingBackbones;

    /// <summary>Parameters to try first, after the default of the space.</summary>
    public IReadOnlyList<Parameter> First { get; set; } = [];

    /// <summary>Seconds of the budget that were gone before: reading the images, and measuring networks for the default space.</summary>
    public double SecondsBefore { get; set; }

    /// <summary>Runs trials elsewhere, until the time for them has passed: given the seconds left. Null to run them here.</summary>
    public Func<double, CancellationToken, Task>? Elsewhere { get; init; }

    /// <summary>Works on the trials of a sweep that is in the store, as one worker more.</summary>
    /// <param name="name">The experiment's name in the store.</param>
    /// <param name="secondsLeft">The time left for everything, the final model's included; null for what the trials in the store leave of the sweep's.</param>
    /// <param name="monitor">Is told of trials; from several threads.</param>
    /// <param name="stop">Ends the work; trials under way are given back.</param>
    /// <exception cref="ConfigurationException">The store has no sweep of this name.</exception>
    public void Work(string name, double? secondsLeft, IMonitor monitor, CancellationToken stop)
    {
        using var trials = Shared();
        var experiment = _store.FindExperiment(name) ?? throw new ConfigurationException($"the trial store has no sweep '{name}'");
        var spent = _settings.Experiment.Seconds - secondsLeft ?? ExperimentBudget.SecondsOf(_store.GetTrials(experiment.Id));
        Experiment(name, SearchSpaceJson.Parse(experiment.Space, "the trial store"), trials, monitor, workers: 1).SetSpent(spent).SearchAsync(stop).GetAwaiter().GetResult();
    }

    /// <summary>Makes the sweep, or goes on with the one of this name in the store.</summary>
    /// <param name="name">The experiment's name in the store.</param>
    /// <param name="space">What is searched.</param>
    /// <param name="monitor">Is told of trials; from several threads.</param>
    /// <param name="final">Makes the monitor of a final evaluation from the run's name.</param>
    /// <param name="stop">Ends the search; what it has found is evaluated all the same.</param>
    /// <exception cref="ConfigurationException">The space cannot be used.</exception>
    public SweepRecord Run(string name, SearchSpace space, IMonitor monitor, Func<string, ITrainingMonitor> final, CancellationToken stop)
    {
        ConfigurationException.ThrowIfAny(Problems(space));
        var clock = Stopwatch.StartNew();
        var experiment = SettingsFor(space);
        using var trials = Shared();
        var before = SecondsBefore;
        if (_store.FindExperiment(name) is { } known)
        {
            // Workers elsewhere go by what is asked for now.
            _store.ChangeSettings(known.Id, Described);
            var earlier = _store.GetTrials(known.Id);
            before += ExperimentBudget.SecondsOf(earlier);
            RetryHopeless(known.Id, earlier);
            var room = experiment.Trials is { } most ? Math.Max(0, most - earlier.Count) : int.MaxValue;
            foreach (var parameter in First.Where(parameter => space.Problems(parameter).Count == 0))
            {
                room -= room > 0 && _store.Enqueue(known.Id, parameter) is not null ? 1 : 0;
            }
        }

        var search = Experiment(name, space, trials, monitor, experiment.Workers).SetSpent(before);
        if (Elsewhere is { } elsewhere)
        {
            search.Prepare();
            elsewhere((experiment.Seconds ?? double.PositiveInfinity) - before, stop).GetAwaiter().GetResult();
        }

        var searched = Elsewhere is null ? search.SearchAsync(stop).GetAwaiter().GetResult() : null;
        var id = _store.FindExperiment(name)!.Id;
        var all = AsReported(searched ?? _store.GetTrials(id), _store.GetCurves(id));
        double Left() => (experiment.Seconds ?? double.PositiveInfinity) - before - clock.Elapsed.TotalSeconds;
        var finals = new SweepFinals(_settings, _datasets, trials, _folder, final, Left);
        var (runs, refit) = finals.Make(all, stop);
        var record = new SweepRecord
        {
            Dataset = _datasets.Own.Name,
            Settings = experiment,
            Space = SearchSpaceJson.Write(space),
            MissingBackbones = MissingBackbones,
            Seed = Options.Seed,
            Seconds = clock.Elapsed.TotalSeconds + before,
            Trials = Summarize(all),
            Runs = runs,
            Refit = refit,
        };

        // What the vote comes to is no matter of the models that are there without it.
        SweepStore.Save(record, _folder);
        try
        {
            record = record with { Ensemble = new SweepEnsemble(finals, HeldOut(), _datasets.Own.Test?.Labels.ToArray(), _folder).Make(runs, refit, stop) };
        }
        catch (Exception unjoined) when (unjoined is not OutOfMemoryException)
        {
            File.Delete(Path.Combine(_folder, SweepEnsemble.ModelFile));
            record = record with { EnsembleProblem = unjoined is OperationCanceledException ? "the sweep was stopped" : unjoined.Message };
        }

        SweepStore.Save(record, _folder);
        return record;
    }

    // What no trial got past, or so many failed for that the search ended, was not the trials' own, and may be mended.
    private void RetryHopeless(long id, IReadOnlyList<TrialRecord> earlier)
    {
        var least = earlier.Any(trial => trial.State == TrialState.Finished) ? TrialWorker.HopelessLater : 1;
        foreach (var (reason, _) in earlier.Where(trial => trial is { State: TrialState.Failed, Result.Reason: not null }).CountBy(trial => trial.Result.Reason!).Where(failed => failed.Value >= least))
        {
            _store.Retry(id, reason);
        }
    }

    // Trials that were given back have no result, but they have told how far they were.
    private static List<TrialRecord> AsReported(IReadOnlyList<TrialRecord> trials, IReadOnlyList<TrialCurve> curves)
    {
        var told = curves.Where(curve => curve.Losses.Count > 0).ToDictionary(curve => curve.TrialId, curve => curve.Losses);
        return [.. trials.Select(trial => trial.State == TrialState.Waiting && told.TryGetValue(trial.Number, out var losses)
            ? trial with { Result = trial.Result with { Steps = losses.Count, Loss = losses[^1] } }
            : trial)];
    }

    // What is held out of few images comes back when the best is trained on all of them.
    private ImageClassificationTrainer.Options Options => field ??= _settings.Refit && !_settings.Training.ContainsKey(ShareSetting)
        ? _given with { ValidationSetFraction = Math.Clamp(WantedValidation / _datasets.Own.Train.Count, _given.ValidationSetFraction, LargestShare) }
        : _given;

    private (ImageSet Train, ImageSet? Validation) Images(ImageClassificationTrainer.Options applied) => NetworkTrainer.HoldOut(_datasets.At(applied.ImageSize), applied);

    // The true classes of the images that trials are judged by, which are the same at every size.
    private int[] HeldOut() => NetworkTrainer.HoldOut(_datasets.Own, Options).Validation?.Labels.ToArray() ?? [];

    private ImageTrials Shared() => new(Images, Options, _settings.Experiment.ThreadsPerWorker, _folder);

    private string Described => JsonSerializer.Serialize(_settings, RecordJson.Options);

    private AutoMLExperiment Experiment(string name, SearchSpace space, ImageTrials trials, IMonitor monitor, int workers)
    {
        return new AutoMLExperiment(Options.Seed)
            .SetSettings(SettingsFor(space) with { Workers = workers })
            .SetSearchSpace(space, [.. SearchStage.Defaults(space), .. First])
            .SetFinal(_settings.Refit ? SweepFinals.Refit : default)
            .SetStore(_store, name, Described)
            .SetTrialRunner(() => new ImageTrialRunner(trials))
            .SetMonitor(new TrialTidying(_store, name, _settings.Finalists, _folder, monitor));
    }

    private ExperimentSettings SettingsFor(SearchSpace space) => _settings.Experiment with { MaximumSteps = Math.Max(1, MostEpochs(space)) };

    // The longest trial that a pruner has to share out.
    private int MostEpochs(SearchSpace space) => space.Dimensions.Where(dimension => dimension.Name == "epoch").Select(dimension => dimension.Option switch
    {
        UniformNumericOption range => (int)range.Max,
        ChoiceOption choice => choice.Choices.Max(value => value.AsType<int>()),
        _ => Options.Epoch,
    }).DefaultIfEmpty(Options.Epoch).Max();

    private List<TrialSummary> Summarize(IReadOnlyList<TrialRecord> trials)
    {
        var began = trials.Min(trial => trial.Started ?? trial.Created);
        return [.. trials.Select(trial => new TrialSummary(
            trial.Number,
            trial.State,
            trial.Parameter.ToDictionary(pair => pair.Key, pair => Convert.ToString(pair.Value.Value, CultureInfo.InvariantCulture) ?? ""),
            Finite(trial.Result.Metric),
            Finite(trial.Result.Loss),
            trial.Result.Steps,
            ((trial.Started ?? trial.Created) - began).TotalSeconds,
            trial.Result.DurationInMilliseconds / 1000,
            trial.Result.CacheHits,
            [.. _store.GetReports(trial.Id).Select(report => report.Metrics.GetValueOrDefault("accuracy"))],
            trial.Worker ?? "",
            trial.Result.Reason))];
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
