using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Runs;
using MLNetCnn.Training;

namespace MLNetCnn.AutoML;

/// <summary>
/// A search for the best classifier of one dataset: trials on the training and validation images, the best of them evaluated on the test
/// images, once, at the end. What was done is kept in a trial store and a folder, so that a sweep that was killed goes on where it was.
/// </summary>
public sealed class ImageSweep
{
    // What a training on more images and its evaluation take, against those of the trial: what a cache saves, it saves there too.
    private const double RefitPerTrial = 1.4;

    private const string RefitFolder = "refit";
    private const string RefitName = " on all images";

    // Work of trials that are kept, so that the finalists need not be trained again.
    private const int Kept = 5;

    private readonly SweepSettings _settings;
    private readonly SizedDatasets _datasets;
    private readonly ImageClassificationTrainer.Options _options;
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
            _options = settings.Training.Deserialize<ImageClassificationTrainer.Options>(RunJson.Options)! with { Device = device, Sources = sources };
        }
        catch (JsonException error)
        {
            throw new ConfigurationException($"the settings that trials go from: {RunJson.Explain(error)}");
        }

        ConfigurationException.ThrowIfAny(settings.Experiment.Problems());
    }

    /// <summary>The settings of trainers that trials go from where nobody gives others.</summary>
    public static JsonObject DefaultTraining => TrialOptions.ToJson(TrialOptions.Default);

    /// <summary>The default space for the dataset, the time and the weights that are at hand.</summary>
    public SearchSpace DefaultSpace(CancellationToken stop)
    {
        var own = _datasets.Own;
        var all = own.Train.Count + (own.Validation?.Count ?? 0) + (own.Test?.Count ?? 0);
        return DefaultSearchSpaces.For(
            own.Train.Shape, own.Train.Count, all, _settings.Experiment.Seconds, DefaultSearchSpaces.Available(_options, own.Train.Shape, stop), _options.Device);
    }

    /// <summary>Parameters to try first, after the default of the space.</summary>
    public IReadOnlyList<Parameter> First { get; set; } = [];

    /// <summary>Runs trials elsewhere, until the time for them has passed: given the seconds left. Null to run them here.</summary>
    public Func<double, CancellationToken, Task>? Elsewhere { get; init; }

    /// <summary>Works on the trials of a sweep that is in the store, as one worker more.</summary>
    /// <param name="name">The experiment's name in the store.</param>
    /// <param name="secondsLeft">The time left for everything, the final model's included; null for what the trials in the store leave of the sweep's.</param>
    /// <param name="monitor">Is told of trials; from several threads.</param>
    /// <param name="stop">Ends the work; trials under way are given back.</param>
    public void Work(string name, double? secondsLeft, IMonitor monitor, CancellationToken stop)
    {
        using var trials = new ImageTrials(Images, _options, _folder);
        var experiment = _store.FindExperiment(name) ?? throw new ConfigurationException($"the trial store has no sweep '{name}'");
        var spent = _settings.Experiment.Seconds - secondsLeft ?? SecondsOf(_store.GetTrials(experiment.Id));
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
        var clock = Stopwatch.StartNew();
        var experiment = _settings.Experiment;
        using var trials = new ImageTrials(Images, _options, _folder);
        var earlier = _store.FindExperiment(name) is { } known ? _store.GetTrials(known.Id) : [];
        var search = Experiment(name, space, trials, monitor, experiment.Workers);
        if (Elsewhere is { } elsewhere)
        {
            search.Prepare();
            elsewhere((experiment.Seconds ?? double.PositiveInfinity) - SecondsOf(earlier), stop).GetAwaiter().GetResult();
        }

        var all = Elsewhere is null ? search.SearchAsync(stop).GetAwaiter().GetResult() : _store.GetTrials(_store.FindExperiment(name)!.Id);
        var before = SecondsOf(earlier);
        double Left() => (experiment.Seconds ?? double.PositiveInfinity) - before - clock.Elapsed.TotalSeconds;
        var (runs, refit) = Finals(trials, all, final, Left, stop);
        var record = new SweepRecord
        {
            Dataset = _datasets.Own.Name,
            Settings = experiment,
            Space = SearchSpaceJson.Write(space),
            Seed = _options.Seed,
            Seconds = clock.Elapsed.TotalSeconds + before,
            Trials = Summarize(all),
            Runs = runs,
            Refit = refit,
            Ensemble = Ensemble(runs),
        };
        SweepStore.Save(record, _folder);
        return record;
    }

    /// <summary>The folder of a finalist, or of the refit.</summary>
    public string FolderOf(RunRecord run) => Path.Combine(_folder, run.Name.EndsWith(RefitName, StringComparison.Ordinal) ? RefitFolder : run.Name);

    private ImageDataset DatasetFor(ImageClassificationTrainer.Options applied) =>
        _datasets.At(applied.ImageSize);

    private (ImageSet Train, ImageSet? Validation) Images(ImageClassificationTrainer.Options applied) => NetworkTrainer.HoldOut(DatasetFor(applied), applied);

    private double SecondsOf(IEnumerable<TrialRecord> trials) => ExperimentBudget.SecondsOf(trials, _settings.Experiment);

    private AutoMLExperiment Experiment(string name, SearchSpace space, ImageTrials trials, IMonitor monitor, int workers)
    {
        var threads = _settings.Experiment.ThreadsPerWorker;
        return new AutoMLExperiment(_options.Seed)
            .SetSettings(_settings.Experiment with { Workers = workers })
            .SetSearchSpace(space, [space.Default, .. First])
            .SetStore(_store, name, JsonSerializer.Serialize(_settings, RunJson.Options))
            .SetTrialRunner(() => new ImageTrialRunner(trials, threads))
            .SetMonitor(new Housekeeping(this, name, monitor));
    }

    // The best model is what the sweep is for: it is made whatever the time says. All else comes where there is time left.
    private (List<RunRecord> Runs, RunRecord? Refit) Finals(ImageTrials trials, IReadOnlyList<TrialRecord> all, Func<string, ITrainingMonitor> final, Func<double> left, CancellationToken stop)
    {
        var runs = new List<RunRecord>();
        RunRecord? refit = null;
        foreach (var trial in Ranking.Of(all).Take(_settings.Finalists))
        {
            if (runs.Count > 0 && (stop.IsCancellationRequested || left() < runs[0].Seconds))
            {
                break;
            }

            var options = trials.OptionsOf(trial.Parameter);
            var name = ImageTrials.NameOf(trial.Number);
            var first = Final(Plan(name, options), name, final, runs.Count > 0 ? stop : CancellationToken.None);
            AtomicFile.Write(Path.Combine(_folder, name, "settings.json"), JsonSerializer.Serialize(options, RunJson.Options));
            if (runs.Count == 0 && _settings.Refit && first.Status == RunStatus.Completed && !stop.IsCancellationRequested
                && left() >= RefitPerTrial * Math.Max(first.Seconds, first.TrainSeconds + first.EvaluateSeconds))
            {
                refit = Final(OnAllImages(first, options), RefitFolder, final, stop);
            }

            List<RunRecord> seeds = [first];
            for (var more = 1; more < _settings.Seeds && first.Status == RunStatus.Completed && !stop.IsCancellationRequested && left() >= trial.Result.DurationInMilliseconds / 1000; more++)
            {
                seeds.Add(Final(Plan(name, options with { Seed = options.Seed + more }), Path.Combine(name, $"seed-{options.Seed + more}"), final, stop));
            }

            runs.Add(seeds.Count > 1 ? first with { Seeds = [.. seeds.Select(SeedRuns.Figures)] } : first);
        }

        return (runs, refit is { Status: RunStatus.Completed } ? refit : null);
    }

    private RunPlan Plan(string name, ImageClassificationTrainer.Options options) => new()
    {
        Name = name,
        Description = $"{options.Arch}, {JsonNamingPolicy.CamelCase.ConvertName(options.Mode.ToString())}",
        Options = options,
        Command = $"mlnetcnn train {_settings.Dataset} --settings {name}/settings.json",
    };

    // Nothing is left to choose or to stop by: as many epochs as the trial's best had, or all of a rate that falls to its end.
    private RunPlan OnAllImages(RunRecord trial, ImageClassificationTrainer.Options options)
    {
        var epochs = options.Schedule == LearningRateSchedule.Constant ? Math.Max(1, trial.History!.BestEpoch) : options.Epoch;
        var plan = Plan(trial.Name, options with { Epoch = epochs, ValidationSetFraction = 0, EarlyStoppingCriteria = null, ReduceOnPlateau = null });
        return plan with { Name = trial.Name + RefitName, LearnsValidation = true, Temperature = trial.Calibration?.Temperature ?? 1 };
    }

    private RunRecord Final(RunPlan plan, string place, Func<string, ITrainingMonitor> final, CancellationToken stop)
    {
        var folder = Path.Combine(_folder, place);
        var dataset = DatasetFor(plan.Options);
        return RunStore.TryLoad(folder) is { Status: RunStatus.Completed } done && RunExecutor.IsSame(done, plan, dataset)
            ? done
            : RunExecutor.TryExecute(plan, dataset, folder, final(place), stop);
    }

    private EnsembleSummary? Ensemble(List<RunRecord> runs)
    {
        var members = runs.Where(run => run.Status == RunStatus.Completed)
            .Select(run => (Run: run, Validation: Predictions.TryLoad(FolderOf(run), DataPart.Validation), Test: Predictions.TryLoad(FolderOf(run), DataPart.Test)))
            .Where(member => member.Validation is not null)
            .ToList();
        if (members.Count < 2)
        {
            return null;
        }

        var own = _datasets.Own;
        var classes = own.ClassNames.Count;
        var labels = NetworkTrainer.HoldOut(own, _options).Validation!.Labels;
        var weights = GreedyEnsemble.Select(labels, [.. members.Select(member => member.Validation!)], classes);
        double Accuracy(ReadOnlySpan<int> truth, IEnumerable<float[]> models) =>
            ClassificationEvaluator.Evaluate(truth, GreedyEnsemble.Vote([.. models], weights), classes).MicroAccuracy;

        var voting = members.Where((_, index) => weights[index] > 0).Select(member => member.Run).ToList();
        return new EnsembleSummary(
            members.Zip(weights).ToDictionary(pair => pair.First.Run.Name, pair => pair.Second),
            Accuracy(labels, members.Select(member => member.Validation!)),
            own.Test is { } test && members.All(member => member.Test is not null) ? Accuracy(test.Labels, members.Select(member => member.Test!)) : null,
            voting.All(run => run.Latency is not null) ? voting.Sum(run => run.Latency!.P50Milliseconds) : null,
            voting.Sum(run => run.ModelBytes));
    }

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

    /// <summary>Removes the work of trials that will not be among the finalists.</summary>
    private sealed class Housekeeping(ImageSweep sweep, string name, IMonitor monitor) : IMonitor
    {
        private readonly Lock _lock = new();

        public void ReportRunningTrial(TrialSettings setting) => monitor.ReportRunningTrial(setting);

        public void ReportBestTrial(TrialResult result) => monitor.ReportBestTrial(result);

        public void ReportCompletedTrial(TrialResult result)
        {
            Tidy();
            monitor.ReportCompletedTrial(result);
        }

        public void ReportFailTrial(TrialResult result)
        {
            Tidy();
            monitor.ReportFailTrial(result);
        }

        private void Tidy()
        {
            lock (_lock)
            {
                var trials = sweep._store.GetTrials(sweep._store.FindExperiment(name)!.Id);
                var kept = Ranking.Of(trials).Take(Math.Max(Kept, sweep._settings.Finalists)).Select(trial => trial.Number).ToHashSet();
                foreach (var trial in trials.Where(trial => trial.State is TrialState.Finished or TrialState.Pruned or TrialState.Failed && !kept.Contains(trial.Number)))
                {
                    var folder = Path.Combine(sweep._folder, ImageTrials.NameOf(trial.Number));
                    if (Directory.Exists(folder))
                    {
                        Directory.Delete(folder, recursive: true);
                    }
                }
            }
        }
    }
}
