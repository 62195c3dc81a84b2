using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using MLNetCnn.Data;
using MLNetCnn.Runs;
using MLNetCnn.Training;

namespace MLNetCnn.Studies;

/// <summary>Reruns a study: every run that its profile names, one after the other, on the same images.</summary>
/// <remarks>A run that is already in the output folder, made with the same settings, is taken over; so a killed study goes on.</remarks>
public sealed class StudyRunner
{
    private readonly Study _study;
    private readonly string _profileName;
    private readonly StudyProfile _profile;
    private readonly string _output;

    /// <summary>Prepares a rerun.</summary>
    /// <param name="study">The study.</param>
    /// <param name="profile">The name of one of its profiles.</param>
    /// <param name="output">The folder to write to: one folder per run in it.</param>
    /// <exception cref="ConfigurationException">The study has no such profile.</exception>
    public StudyRunner(Study study, string profile, string output)
    {
        (_study, _profileName, _output) = (study, profile, output);
        _profile = study.Profiles.TryGetValue(profile, out var found)
            ? found
            : throw new ConfigurationException($"the study {study.Name} has no profile '{profile}': choose from {string.Join(", ", study.Profiles.Keys)}");
    }

    /// <summary>What the study was called for, a file for example, for the commands that repeat its runs; null for its name.</summary>
    public string? Called { get; init; }

    /// <summary>How often each run is repeated, with the seeds 0, 1, …; 1 or more.</summary>
    /// <value>1.</value>
    public int Seeds { get; init; } = 1;

    /// <summary>The runs to make, by name; empty for all of the profile's.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>The device to run on.</summary>
    /// <value><c>auto</c>.</value>
    public string Device { get; init; } = "auto";

    /// <summary>Where weights are looked for, and where caches are.</summary>
    /// <value>The default cache and no mirror.</value>
    public SourceOptions Sources { get; init; } = new();

    /// <summary>How the profile trims the dataset, over <paramref name="options"/>.</summary>
    public DatasetLoadOptions Trim(DatasetLoadOptions options) => _profile.TrainImagesPerClass is { } count
        ? options with { TrainImagesPerClass = count }
        : options;

    /// <summary>The folder of one run.</summary>
    public string Folder(RunRecord record) => Folder(record.Name, record.Seed);

    /// <summary>
    /// What is wrong with what was asked for, before anything is loaded or written: <see cref="Only"/> names a run that there is not,
    /// <see cref="Seeds"/> is below 1, there is no such <see cref="Device"/>, or a network takes no such images.
    /// </summary>
    /// <param name="images">The images to run on, where they are known.</param>
    /// <param name="nameOf">How the reader calls a setting; null for its name in JSON.</param>
    public IEnumerable<string> Problems(ImageShape? images = null, Func<string, string>? nameOf = null)
    {
        nameOf ??= name => name;
        return Only
            .Where(name => _study.Runs.All(run => run.Name != name))
            .Select(name => $"the study {_study.Name} has no run '{name}': choose from {string.Join(", ", _study.Runs.Select(run => run.Name))}")
            .Concat(Seeds < 1 ? [$"{nameOf("seeds")} is {Seeds}: give 1 or more"] : [])
            .Concat(Devices.Problem(Device, nameOf("device")) is { } problem ? [problem] : [])
            .Concat(Chosen().Where(run => run.Missing is null).SelectMany(run => Problems(run, images)));
    }

    /// <summary>Makes the runs; <paramref name="stop"/> ends the one under way, keeping its best so far, and leaves out the rest.</summary>
    /// <param name="datasets">The images, at the sizes that runs ask for.</param>
    /// <param name="monitor">Makes the monitor of a run from its name, its number and the number of runs.</param>
    /// <param name="stop">Ends the study.</param>
    /// <exception cref="ConfigurationException">There are <see cref="Problems(ImageShape?, Func{string, string}?)"/>.</exception>
    public StudyRecord Run(SizedDatasets datasets, Func<string, int, int, ITrainingMonitor> monitor, CancellationToken stop)
    {
        ConfigurationException.ThrowIfAny(Problems(datasets.Own.Train.Shape));
        var chosen = Chosen();
        var records = chosen.ConvertAll(_ => new List<RunRecord>());
        for (var seed = 0; seed < Seeds; seed++)
        {
            // Every run once before any is repeated: a study that is stopped has something of each.
            foreach (var (index, run) in chosen.Index())
            {
                if (stop.IsCancellationRequested || records[index].Any(record => record.Status is RunStatus.NotRun or RunStatus.Failed))
                {
                    continue;
                }

                var name = Seeds == 1 ? run.Name : $"{run.Name} seed {seed}";
                var number = (seed * chosen.Count) + index + 1;
                records[index].Add(RunOnce(run, seed, datasets, () => monitor(name, number, Seeds * chosen.Count), stop));
            }
        }

        return new StudyRecord
        {
            Name = _study.Name,
            Title = _study.Title,
            Description = _study.Description,
            Profile = _profileName,
            ProfileNote = _profile.Note,
            Runs = [.. records.SelectMany(SeedRuns.Combine)],
        };
    }

    /// <summary>The trainer's settings for a run: the study's, then the run's, then the profile's over each other, and all that is wrong with them.</summary>
    internal static IReadOnlyList<string> TryOptions(Study study, StudyProfile profile, StudyRun run, int seed, out ImageClassificationTrainer.Options options)
    {
        var merged = new JsonObject();
        foreach (var (name, value) in study.Training.Concat(run.Training).Concat(profile.Training))
        {
            merged[name] = value?.DeepClone();
        }

        options = new ImageClassificationTrainer.Options();
        try
        {
            options = merged.Deserialize<ImageClassificationTrainer.Options>(RecordJson.Options)! with { Seed = seed };
            options.Validate();
            return [];
        }
        catch (JsonException exception)
        {
            return [RecordJson.Explain(exception)];
        }
        catch (ConfigurationException exception)
        {
            return exception.Problems;
        }
    }

    private IEnumerable<string> Problems(StudyRun run, ImageShape? images)
    {
        var problems = TryOptions(_study, _profile, run, seed: 0, out var options);
        return (problems.Count > 0 ? problems : options.Problems(images)).Select(problem => $"run '{run.Name}': {problem}");
    }

    private List<StudyRun> Chosen()
    {
        var names = Only.Count > 0 ? Only : _profile.Runs;
        return [.. _study.Runs.Where(run => names?.Contains(run.Name) ?? true)];
    }

    private RunRecord RunOnce(StudyRun run, int seed, SizedDatasets datasets, Func<ITrainingMonitor> monitor, CancellationToken stop)
    {
        var problems = TryOptions(_study, _profile, run, seed, out var options);
        var plan = new RunPlan
        {
            Name = run.Name,
            Description = run.Description,
            Options = options with { Device = Device, Sources = Sources },
            Published = Published(run),
            Reason = run.Note,
            Command = ShellWords.Join(
            [
                "mlnetcnn", "study", Called ?? _study.Name, "--profile", _profileName, "--run", run.Name,
                .. Seeds > 1 ? ["--seeds", Seeds.ToString(CultureInfo.InvariantCulture)] : (string[])[],
            ]),
        };
        if (run.Missing is not null || problems.Count > 0)
        {
            return RunExecutor.WithoutResult(plan, datasets.Own, RunStatus.NotRun, run.Missing ?? string.Join("; ", problems));
        }

        plan = plan with { Options = plan.Options.Applied() };
        ImageDataset dataset;
        try
        {
            dataset = datasets.At(plan.Options.ImageSize);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return RunExecutor.WithoutResult(plan, datasets.Own, RunStatus.NotRun, "stopped while its images were read");
        }
        catch (Exception unread) when (unread is DatasetException or IOException)
        {
            return RunExecutor.WithoutResult(plan, datasets.Own, RunStatus.Failed, unread.Message);
        }

        var folder = Folder(run.Name, seed);
        return RunStore.TryLoad(folder) is { Status: RunStatus.Completed } earlier && RunExecutor.IsSame(earlier, plan, dataset)
            ? earlier with { Description = plan.Description, Published = plan.Published, Reason = plan.Reason }
            : RunExecutor.TryExecute(plan, dataset, folder, monitor(), stop);
    }

    // The first lies where it lies without repetitions, which may be asked for later.
    private string Folder(string name, int seed) => seed == 0 ? Path.Combine(_output, name) : Path.Combine(_output, name, $"seed-{seed}");

    private static PublishedFigures? Published(StudyRun run) => run.Published is not { } figures
        ? null
        : new PublishedFigures(figures.Train / 100, figures.Validation / 100, figures.Test / 100, figures.Parameters, Note: null);
}
