using System.Globalization;

namespace MLNetCnn.AutoML;

/// <summary>
/// Searches a space for the parameter with the lowest loss, as ML.NET's experiment of the same name: budgets, a tuner, a runner, a
/// monitor. Beyond it, trials are kept in a store, so that an experiment that was killed goes on where it was, several run at once, and
/// those without hope are ended early.
/// </summary>
/// <remarks>Not safe for several threads; set up, then run.</remarks>
public sealed class AutoMLExperiment
{
    private readonly long _seed;
    private readonly TimeProvider _time;
    private ExperimentSettings _settings = new();
    private SearchSpace? _space;
    private Func<ITrialRunner>? _runner;
    private ITrialStore? _store;
    private IMonitor _monitor = SilentExperimentMonitor.Instance;
    private string _name = "experiment";
    private string? _description;
    private double? _spent;
    private FinalTraining _final;
    private List<Parameter> _first = [];

    internal AutoMLExperiment(long seed, TimeProvider? time = null) => (_seed, _time) = (seed, time ?? TimeProvider.System);

    /// <summary>The time for everything, in seconds.</summary>
    public AutoMLExperiment SetTrainingTimeInSeconds(uint trainingTimeInSeconds) => With(_settings with { Seconds = trainingTimeInSeconds });

    /// <summary>The most trials.</summary>
    public AutoMLExperiment SetMaxModelToExplore(int maxModel) => With(_settings with { Trials = maxModel });

    /// <summary>The most resident memory, in megabytes; the trial that passes it fails, and the search goes on.</summary>
    public AutoMLExperiment SetMaximumMemoryUsageInMegaByte(double value) => With(_settings with { MegaBytes = value });

    /// <summary>All settings at once.</summary>
    public AutoMLExperiment SetSettings(ExperimentSettings settings) => With(settings);

    /// <summary>The tuner, one of <see cref="TunerCatalog.Names"/>.</summary>
    public AutoMLExperiment SetTuner(string tuner) => With(_settings with { Tuner = tuner });

    /// <summary>The pruner, one of <see cref="PrunerCatalog.Names"/>; null for none.</summary>
    public AutoMLExperiment SetPruner(string? pruner) => With(_settings with { Pruner = pruner });

    /// <summary>What is searched.</summary>
    /// <param name="searchSpace">The space.</param>
    /// <param name="first">Parameters to try before the tuner's; the default of the space where none are given.</param>
    public AutoMLExperiment SetSearchSpace(SearchSpace searchSpace, params IReadOnlyList<Parameter> first)
    {
        (_space, _first) = (searchSpace, [.. first]);
        return this;
    }

    /// <summary>Makes what runs the trials, once for each worker; disposed at the end.</summary>
    public AutoMLExperiment SetTrialRunner(Func<ITrialRunner> runner)
    {
        _runner = runner;
        return this;
    }

    /// <summary>Is told how it goes; from several threads where there are several workers.</summary>
    public AutoMLExperiment SetMonitor(IMonitor monitor)
    {
        _monitor = monitor;
        return this;
    }

    /// <summary>Where trials are kept; it stays the caller's. By default in a temporary file, for this one run.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The experiment's name in it; one that is there already goes on.</param>
    /// <param name="description">What is written with it for workers elsewhere, as JSON; its <see cref="ExperimentSettings"/> where it is null.</param>
    public AutoMLExperiment SetStore(ITrialStore store, string name, string? description = null)
    {
        (_store, _name, _description) = (store, name, description);
        return this;
    }

    // For workers that know how much of the time is gone: by default it is what the trials in the store took.
    internal AutoMLExperiment SetSpent(double seconds)
    {
        _spent = seconds;
        return this;
    }

    // For those who train the best trial again at the end.
    internal AutoMLExperiment SetFinal(FinalTraining final)
    {
        _final = final;
        return this;
    }

    /// <summary>What a worker on this machine is called in a trial store.</summary>
    /// <param name="processId">Its process.</param>
    /// <param name="number">Its number in the process, from 0.</param>
    public static string WorkerName(int processId, int number) => string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{processId}/{number}");

    /// <summary>Runs the experiment.</summary>
    /// <exception cref="ConfigurationException">Something is missing or out of range; all problems at once.</exception>
    /// <exception cref="InvalidOperationException">No trial finished; the message says why.</exception>
    public TrialResult Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs the experiment until its budget or its space is used up, or <paramref name="ct"/>, and gives the best trial.</summary>
    /// <exception cref="ConfigurationException">Something is missing or out of range; all problems at once.</exception>
    /// <exception cref="InvalidOperationException">No trial finished; the message says why.</exception>
    public async Task<TrialResult> RunAsync(CancellationToken ct = default) =>
        Ranking.BestOrThrow(await SearchAsync(ct).ConfigureAwait(false)).Result;

    /// <summary>As <see cref="RunAsync"/>, but gives all trials, by number.</summary>
    /// <exception cref="ConfigurationException">Something is missing or out of range; all problems at once.</exception>
    public async Task<IReadOnlyList<TrialRecord>> SearchAsync(CancellationToken ct = default)
    {
        ConfigurationException.ThrowIfAny(Problems());
        using var own = _store is null ? new TemporaryTrialStore(_time) : null;
        var store = _store ?? own!.Store;
        var experiment = FindOrCreate(store);
        var spent = _spent ?? ExperimentBudget.SecondsOf(store.GetTrials(experiment.Id));
        var budget = new ExperimentBudget(_settings, spent, _time, _final);
        var workers = Enumerable.Range(0, _settings.Workers).Select(number => Work(store, experiment, budget, number, ct)).ToList();
        await Task.WhenAll(workers).ConfigureAwait(false);
        return store.GetTrials(experiment.Id);
    }

    /// <summary>Writes the experiment into its store, for workers elsewhere to take up; nothing where it is there already.</summary>
    /// <exception cref="ConfigurationException">Something is missing or out of range; all problems at once.</exception>
    internal ExperimentRecord Prepare()
    {
        ConfigurationException.ThrowIfAny(Problems());
        return FindOrCreate(_store ?? throw new ConfigurationException("workers elsewhere need a trial store: call SetStore"));
    }

    private ExperimentRecord FindOrCreate(ITrialStore store) => store.FindExperiment(_name) ?? Create(store);

    // A thread of its own: trials compute for minutes, and keep state of libtorch in their thread.
    private Task Work(ITrialStore store, ExperimentRecord experiment, ExperimentBudget budget, int number, CancellationToken ct) => Task.Factory.StartNew(
        () =>
        {
            using var runner = _runner!();
            new TrialWorker(store, experiment, _settings, runner, budget, _monitor, WorkerName(Environment.ProcessId, number)).RunAsync(ct).GetAwaiter().GetResult();
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private ExperimentRecord Create(ITrialStore store)
    {
        var experiment = store.CreateExperiment(_name, SearchSpaceJson.Write(_space!), _description ?? System.Text.Json.JsonSerializer.Serialize(_settings, RecordJson.Options), _seed);
        foreach (var parameter in (_first.Count > 0 ? _first : [_space!.Default]).Take(_settings.Trials ?? int.MaxValue))
        {
            store.Enqueue(experiment.Id, parameter);
        }

        return experiment;
    }

    private AutoMLExperiment With(ExperimentSettings settings)
    {
        _settings = settings;
        return this;
    }

    private IEnumerable<string> Problems()
    {
        foreach (var problem in _settings.Problems())
        {
            yield return problem;
        }

        if (_space is null)
        {
            yield return "there is no search space: call SetSearchSpace";
        }

        if (_space is not null && _settings.Tuner == "eci" && SearchStage.Of(_space).Any(stage => TunerCatalog.ChoiceToShareBy(stage.Space) is null))
        {
            yield return "the tuner eci shares trials out by a choice, and the space, or a stage of it, has none at its top: take cfo";
        }

        if (_runner is null)
        {
            yield return "there is nothing to run trials with: call SetTrialRunner";
        }

        foreach (var (parameter, problem) in _first.SelectMany(parameter => _space?.Problems(parameter).Select(problem => (parameter, problem)) ?? []))
        {
            yield return $"the first parameter {parameter}: {problem}";
        }
    }
}
