using System.Text.Json;
using System.Text.Json.Nodes;

using MLNetCnn.Data;
using MLNetCnn.Runs;
using MLNetCnn.Training;

namespace MLNetCnn.Studies;

/// <summary>Reruns a study: every run that its profile names, one after the other, on the same images.</summary>
/// <remarks>A run that is already in the output folder, made with the same settings, is taken over; so a killed study goes on.</remarks>
/// <param name="study">The study.</param>
/// <param name="profileName">The profile: a name in <see cref="Study.Profiles"/>.</param>
/// <param name="output">The folder to write to: one folder per run in it.</param>
public sealed class StudyRunner(Study study, string profileName, string output)
{
    private readonly StudyProfile _profile = study.Profiles.TryGetValue(profileName, out var profile)
        ? profile
        : throw new ConfigurationException($"the study {study.Name} has no profile '{profileName}': choose from {string.Join(", ", study.Profiles.Keys)}");

    /// <summary>How to trim the dataset for the profile, over <paramref name="options"/>.</summary>
    public DatasetLoadOptions Trim(DatasetLoadOptions options) => _profile.TrainImagesPerClass is { } count
        ? options with { TrainImagesPerClass = count }
        : options;

    /// <summary>Makes the runs; <paramref name="stop"/> ends the one under way, keeping its best so far, and leaves out the rest.</summary>
    public StudyRecord Run(ImageDataset dataset, Func<RunPlan, int, int, ITrainingMonitor> monitor, Action<RunRecord> finished, string device, CancellationToken stop)
    {
        var chosen = study.Runs.Where(run => _profile.Runs?.Contains(run.Name) ?? true).ToList();
        var records = new List<RunRecord>();
        foreach (var run in chosen)
        {
            var seeds = new List<RunRecord>();
            for (var seed = 0; seed < _profile.Seeds && !stop.IsCancellationRequested; seed++)
            {
                seeds.Add(RunOnce(run, seed, dataset, plan => monitor(plan, chosen.IndexOf(run) + 1, chosen.Count), device, stop));
                if (seeds[^1].Status is RunStatus.NotRun or RunStatus.Failed)
                {
                    break;
                }
            }

            if (seeds.Count > 0)
            {
                records.Add(Combine(seeds));
                finished(records[^1]);
            }
        }

        return new StudyRecord
        {
            Name = study.Name,
            Title = study.Title,
            Description = study.Description,
            Profile = profileName,
            ProfileNote = _profile.Note,
            Runs = records,
        };
    }

    /// <summary>The trainer's settings for a run: the study's, then the run's, then the profile's; null, or what is wrong with them.</summary>
    internal static string? TryOptions(Study study, StudyProfile profile, StudyRun run, int seed, out ImageClassificationTrainer.Options options)
    {
        var merged = new JsonObject();
        foreach (var layer in new[] { study.Training, run.Training, profile.Training })
        {
            foreach (var (name, value) in layer)
            {
                merged[name] = value?.DeepClone();
            }
        }

        options = new ImageClassificationTrainer.Options();
        try
        {
            options = merged.Deserialize<ImageClassificationTrainer.Options>(RunJson.Options)! with { Seed = seed };
            options.Validate();
            return null;
        }
        catch (Exception exception) when (exception is JsonException or ConfigurationException)
        {
            return exception.Message;
        }
    }

    private RunRecord RunOnce(StudyRun run, int seed, ImageDataset dataset, Func<RunPlan, ITrainingMonitor> monitor, string device, CancellationToken stop)
    {
        var problem = TryOptions(study, _profile, run, seed, out var options);
        var plan = new RunPlan
        {
            Name = run.Name,
            Description = run.Description,
            Options = options with { Device = device },
            Published = Published(run),
            Reason = run.Note,
            Command = $"mlnetcnn study {study.Name} --profile {profileName}",
        };
        var folder = Path.Combine(output, _profile.Seeds == 1 ? run.Name : $"{run.Name}-seed{seed}");
        if ((run.Missing ?? problem) is { } reason)
        {
            return RunExecutor.NotRun(plan, dataset, reason);
        }

        var earlier = RunStore.TryLoad(folder);
        return earlier is { Status: RunStatus.Completed } && RunExecutor.IsSame(earlier, plan, dataset)
            ? earlier
            : RunExecutor.Execute(plan, dataset, folder, monitor(plan), stop);
    }

    // The report shows the run of the median test accuracy, with all seeds' figures beside it.
    private static RunRecord Combine(List<RunRecord> seeds)
    {
        var ordered = seeds.OrderBy(record => record.Test?.MicroAccuracy ?? 0).ToList();
        return seeds.Count == 1 ? seeds[0] : ordered[ordered.Count / 2] with
        {
            Seeds = [.. seeds.Select(record => new SeedFigures(record.Seed, record.Train?.MicroAccuracy, record.Validation?.MicroAccuracy, record.Test?.MicroAccuracy))],
        };
    }

    private static PublishedFigures? Published(StudyRun run) => run.Published is not { } figures
        ? null
        : new PublishedFigures(figures.Train / 100, figures.Validation / 100, figures.Test / 100, figures.Parameters, run.Note);
}
