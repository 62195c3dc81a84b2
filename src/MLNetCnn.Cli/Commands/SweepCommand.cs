using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using MLNetCnn.AutoML;
using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Reports;
using MLNetCnn.Runs;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn sweep</c>: searches for the best classifier of a dataset within a budget.</summary>
internal static class SweepCommand
{
    /// <summary>The experiment's name in the trial store.</summary>
    public const string Experiment = "sweep";

    private static readonly Argument<string> Dataset = CommonOptions.Dataset();
    private static readonly Option<TimeSpan?> Budget = new("--budget") { Description = "The time for everything but downloads, the final model included, such as 90s, 10m or 2h (10m where --trials is not given).", HelpName = "TIME", CustomParser = ParseTime };
    private static readonly Option<int?> Trials = new("--trials") { Description = "Maximum number of trials.", HelpName = "N" };
    private static readonly Option<int> Workers = CommonOptions.Whole("--workers", "Trials at a time; they share the cores.", ExperimentSettings.DefaultWorkers, atLeast: 1);
    private static readonly Option<double?> Memory = new("--memory") { Description = "Maximum memory of the process, in MiB: a trial that exceeds it fails.", HelpName = "MIB" };
    private static readonly Option<string> Tuner = new("--tuner") { Description = $"How the next trial is chosen: {string.Join(", ", TunerCatalog.Names)}.", HelpName = "NAME", DefaultValueFactory = _ => "tpe" };
    private static readonly Option<string> Pruner = new("--pruner") { Description = $"The rule that ends unpromising trials early: {string.Join(", ", PrunerCatalog.Names)}, or none.", HelpName = "NAME", DefaultValueFactory = _ => "asha" };
    private static readonly Option<FileInfo?> Space = new("--space") { Description = "A JSON file of the search space (sweep-space.schema.json); by default one that suits the dataset and the budget.", HelpName = "FILE" };
    private static readonly Option<FileInfo?> Settings = new("--settings") { Description = "A JSON file of trainer settings that go over those that all trials start from (Adam at 0.001, batches of 64, 20 epochs), as a study's 'training' has them.", HelpName = "FILE" };
    private static readonly Option<string[]> WarmStarts = new("--warm-start") { Description = "The folder of an earlier sweep, of any dataset, whose best parameters are tried first; may be given several times.", HelpName = "DIR", DefaultValueFactory = _ => [] };
    private static readonly Option<int> Finalists = CommonOptions.Whole("--finalists", "Number of top trials, the two best and then the best of each architecture, mode and image size, to evaluate on the test images, report in full and ensemble.", SweepSettings.DefaultFinalists, atLeast: 1);
    private static readonly Option<int> Seeds = CommonOptions.Whole("--seeds", "Train each finalist with so many seeds, where the time allows, to tell luck from merit.", 1, atLeast: 1);
    private static readonly Option<bool> NoRefit = new("--no-refit") { Description = "Keep the best trial's own model: do not train it once more on training and validation images together." };
    private static readonly Option<string?> Store = new("--store") { Description = "Where trials are kept: a SQLite file, or postgresql://user@host/database (trials.db in the output folder).", HelpName = "STORE" };
    private static readonly Option<bool> Isolate = new("--isolate") { Description = "Run trials in processes of their own: one that crashes costs one trial." };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Resume the sweep in the output folder." };
    private static readonly Option<int?> ImagesPerClass = CommonOptions.ImagesPerClass();
    private static readonly Option<int> Seed = CommonOptions.Whole("--seed", "The seed of the search and its trainings. Test images that a dataset lacks are held out as its manifest says.", 0);
    private static readonly Option<string> Device = CommonOptions.Device();
    private static readonly Option<string> Output = CommonOptions.Output("artifacts/sweep");
    private static readonly Option<string[]> Mirror = CommonOptions.Mirror();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("sweep", "Search for the best classifier within a budget; writes model.zip, sweep.json and report.html.")
        {
            Dataset, Budget, Trials, Workers, Memory, Tuner, Pruner, Space, Settings, WarmStarts, Finalists, Seeds, NoRefit, Store, Isolate, Resume, ImagesPerClass, Seed, Device, Output, Mirror, Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var folder = arguments.GetRequiredValue(Output);
        var settings = Read(arguments);
        ConfigurationException.ThrowIfAny(settings.Experiment.Problems(name => name switch { "seconds" => "--budget", "megaBytes" => "--memory", _ => "--" + name }));
        var given = arguments.GetValue(Space) is { } file ? SearchSpaceJson.Load(file.FullName) : null;
        ConfigurationException.ThrowIfAny(given is null ? [] : ImageSweep.Problems(given));
        var warmth = arguments.GetRequiredValue(WarmStarts).Select(SweepStore.Load).ToList();
        Datasets.CheckOutside(folder, arguments.GetRequiredValue(Dataset));
        var location = arguments.GetValue(Store) ?? Path.Combine(folder, SweepStore.TrialsFile);
        if (TrialStore.IsFile(location))
        {
            Datasets.CheckOutside(location, arguments.GetRequiredValue(Dataset));
        }

        OutputFolder.Prepare(folder);
        using var store = TrialStore.Open(location);
        var earlier = store.FindExperiment(Experiment);
        var begun = earlier is null ? null : SettingsOf(earlier);
        CheckResume(earlier, begun, settings, given, arguments.GetValue(Resume), arguments.GetValue(Store) is null ? (folder, "--output") : ("the trial store", "--store"));
        if (earlier is null && arguments.GetValue(Resume))
        {
            screen.Line($"note: there is no sweep in {TrialStore.Describe(location)} to resume: this one begins");
        }

        using var cancellation = new Cancellation(screen);
        var mirrors = arguments.GetRequiredValue(Mirror);

        // What is fetched is not of the budget: how long it takes says nothing of this machine, and the next sweep has it.
        Datasets.Prepare(settings.Dataset, mirrors, screen, load => Adjusted(load, settings, size: null), cancellation.Token);
        var clock = Stopwatch.StartNew();
        using var datasets = Load(settings, mirrors, screen, cancellation.Token);
        settings = settings with { Images = datasets.Own.Fingerprint, MissingBackbones = begun?.MissingBackbones ?? settings.MissingBackbones };
        CheckImages(begun, datasets);
        var device = CommonOptions.DeviceOf(arguments, Device, settings.Training);
        var processes = new IsolatedWorkers(store, location, folder, device, mirrors, settings.Experiment.Workers, screen);
        var sweep = new ImageSweep(settings, datasets, device, new SourceOptions { Mirrors = mirrors }, store, folder)
        {
            Elsewhere = arguments.GetValue(Isolate) ? processes.RunAsync : null,
        };
        sweep.SecondsBefore = clock.Elapsed.TotalSeconds;
        var space = earlier is not null ? SearchSpaceJson.Parse(earlier.Space, "the trial store") : given ?? sweep.DefaultSpace(new DataDisplay(screen), cancellation.Token);
        foreach (var (name, reason) in sweep.MissingBackbones)
        {
            screen.Line($"note: {name} is not searched: {reason}");
        }

        sweep.First = [.. warmth.SelectMany(found => WarmStart.From(found, space))];
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"sweep of {settings.Dataset}: {Limits(settings.Experiment)}, {settings.Experiment.Workers} at a time"));
        var record = sweep.Run(Experiment, space, new SweepDisplay(screen, () => BestIn(store)), name => new TrainingDisplay(screen, $"evaluating {name}"), cancellation.Token);
        return Finish(screen, record, folder, cancellation.Token.IsCancellationRequested);
    }

    /// <summary>The best trial of the sweep in a store, whoever ran it.</summary>
    public static TrialResult? BestIn(ITrialStore store) => store.FindExperiment(Experiment) is { } experiment ? Ranking.Best(store.GetTrials(experiment.Id))?.Result : null;

    /// <summary>The images of a sweep, at the sizes that trials ask for.</summary>
    public static SizedDatasets Load(SweepSettings settings, string[] mirrors, Screen screen, CancellationToken stop) => new(size => Datasets.Load(
        settings.Dataset, mirrors, screen,
        load => Adjusted(load, settings, size), stop));

    private static DatasetLoadOptions Adjusted(DatasetLoadOptions load, SweepSettings settings, (int Height, int Width)? size) =>
        load with { TrainImagesPerClass = settings.ImagesPerClass, Height = size?.Height, Width = size?.Width };

    private static int Finish(Screen screen, SweepRecord record, string folder, bool cancelled)
    {
        if (record.Best is null && cancelled)
        {
            screen.Line("stopped before any trial had learnt anything: there is no model; go on with --resume");
            return ExitCodes.Cancelled;
        }

        if (record.Best is not { } best)
        {
            var reason = record.Trials.LastOrDefault(trial => trial.Reason is not null)?.Reason ?? record.Runs.Select(run => run.Reason).FirstOrDefault(told => told is not null) ?? "the budget was gone before the first one began: go on with --resume, which finds the images read, or give a larger one";
            throw new InvalidOperationException($"no trial of {record.Trials.Count} gave a model: {reason}");
        }

        var own = Path.Combine(folder, record.FolderOf(best));
        var model = RunStore.KeepModel(best, own, folder);
        var report = Path.Combine(folder, RunStore.ReportFile);
        HtmlReport.Write(ReportModel.ForSweep(record), report);
        RunTable.Print(screen, record.Refit is { } refit ? [.. record.Runs, refit] : record.Runs, "the first seed");
        screen.Line($"model   {model}");
        if (record.Ensemble is { ModelFile: { } file } ensemble)
        {
            screen.Line(string.Create(CultureInfo.InvariantCulture, $"vote    {Path.Combine(folder, file)}  of {ensemble.Voting.Count}: {(ensemble.Test is { } test ? $"{test:0.00%} of the test images, " : "")}{ensemble.Latency!.P50Milliseconds:0.0} ms an image"));
        }

        if (record.EnsembleProblem is { } problem)
        {
            screen.Line($"note: the finalists could not be made into one model that votes: {problem}");
        }

        screen.Line($"report  {report}");
        var answer = Answers.Run(best, own, report);
        answer["model"] = model;
        answer["validation"] ??= Answers.Metrics(record.Runs[0].Validation);
        answer["refit"] = best == record.Refit;
        answer["trials"] = new JsonObject(Enum.GetValues<TrialState>().Select(state =>
            KeyValuePair.Create<string, JsonNode?>(JsonNamingPolicy.CamelCase.ConvertName(state.ToString()), record.Trials.Count(trial => trial.State == state))));
        answer["seconds"] = record.Seconds;
        answer["ensemble"] = record.Ensemble is { } vote ? new JsonObject
        {
            ["validation"] = vote.Validation,
            ["test"] = vote.Test,
            ["p50Milliseconds"] = vote.Latency?.P50Milliseconds,
            ["model"] = vote.ModelFile is null ? null : Path.Combine(folder, vote.ModelFile),
        } : null;
        screen.Answer(answer);
        return cancelled ? ExitCodes.Cancelled : ExitCodes.Success;
    }

    private static SweepSettings Read(ParseResult arguments)
    {
        var budget = arguments.GetValue(Budget);
        var trials = arguments.GetValue(Trials);
        var pruner = arguments.GetRequiredValue(Pruner);
        var training = ImageSweep.DefaultTraining;
        foreach (var (name, value) in arguments.GetValue(Settings) is { } file ? TrainerSettings.ReadFile(file) : [])
        {
            training[name] = value?.DeepClone();
        }

        if (CommonOptions.IsTyped(arguments, Seed.Name))
        {
            training["seed"] = arguments.GetValue(Seed);
        }

        return new SweepSettings
        {
            Dataset = arguments.GetRequiredValue(Dataset),
            ImagesPerClass = arguments.GetValue(ImagesPerClass),
            Training = training,
            Finalists = arguments.GetValue(Finalists),
            Seeds = arguments.GetValue(Seeds),
            Refit = !arguments.GetValue(NoRefit),
            Experiment = new ExperimentSettings
            {
                Tuner = arguments.GetRequiredValue(Tuner),
                Pruner = pruner == "none" ? null : pruner,
                Seconds = (budget ?? (trials is null ? TimeSpan.FromMinutes(10) : null))?.TotalSeconds,
                Trials = trials,
                MegaBytes = arguments.GetValue(Memory),
                Workers = arguments.GetValue(Workers),
            },
        };
    }

    // Only the same question may be gone on with: figures of another would be mixed with it.
    private static void CheckResume(ExperimentRecord? earlier, SweepSettings? before, SweepSettings settings, SearchSpace? given, bool resume, (string Name, string Option) place)
    {
        if (earlier is null || before is null)
        {
            return;
        }

        if (!resume)
        {
            throw new ConfigurationException($"{place.Name} holds a sweep already: go on with it by --resume, or name another place with {place.Option}");
        }

        if (before.Dataset != settings.Dataset || before.ImagesPerClass != settings.ImagesPerClass || before.Refit != settings.Refit || !JsonNode.DeepEquals(before.Training, settings.Training))
        {
            throw new ConfigurationException($"the sweep in {place.Name} is of {before.Dataset} with other settings of its images or its training (--no-refit is one: images are held out accordingly): resume it with those, or name another place with {place.Option}");
        }

        if (given is not null && SearchSpaceJson.Write(given) != earlier.Space)
        {
            throw new ConfigurationException($"the sweep in {place.Name} has another search space: leave --space out, or name another place with {place.Option}");
        }
    }

    /// <summary>The settings that a sweep in a store began with.</summary>
    public static SweepSettings SettingsOf(ExperimentRecord experiment) => JsonSerializer.Deserialize<SweepSettings>(experiment.Settings, RecordJson.Options)!;

    /// <summary>Refuses to go on with a sweep on other images than it began with.</summary>
    public static void CheckImages(SweepSettings? before, SizedDatasets datasets)
    {
        if (before is { Images: { } images } && images != datasets.Own.Fingerprint)
        {
            throw new ConfigurationException($"{before.Dataset} holds other images than the sweep began with: bring those back, or begin a new sweep in another folder with --output");
        }
    }

    private static string Limits(ExperimentSettings settings) => string.Join(" and ", new[]
    {
        settings.Seconds is { } seconds ? $"at most {TrainingDisplay.Duration(seconds)}" : null,
        settings.Trials is { } trials ? $"at most {trials} trials" : null,
    }.OfType<string>());

    private static TimeSpan? ParseTime(ArgumentResult result)
    {
        var token = result.Tokens[0].Value;
        double? unit = token.LastOrDefault() switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => null };
        if (unit is { } seconds && double.TryParse(token[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value * seconds is >= 1 and <= 1e7)
        {
            return TimeSpan.FromSeconds(value * seconds);
        }

        result.AddError($"--budget is '{token}': give a time of at least 1s, such as 90s, 10m or 1.5h");
        return null;
    }
}
