using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

using MLNetCnn.Data;
using MLNetCnn.Runs;
using MLNetCnn.Training;

namespace MLNetCnn.AutoML;

/// <summary>The end of a sweep: its best trials evaluated on the test images, the best trained once more on all images.</summary>
/// <param name="settings">What the sweep was asked for.</param>
/// <param name="datasets">The images.</param>
/// <param name="trials">What its trials share.</param>
/// <param name="folder">The sweep's.</param>
/// <param name="monitor">Makes what is told of a run from the run's place in the folder.</param>
/// <param name="left">The seconds left.</param>
internal sealed class SweepFinals(
    SweepSettings settings, SizedDatasets datasets, ImageTrials trials, string folder, Func<string, ITrainingMonitor> monitor, Func<double> left)
{
    /// <summary>The folder of the refit, in the sweep's.</summary>
    public const string RefitFolder = "refit";

    /// <summary>What a training on more images and its evaluation take: what a cache saves the trial, it saves there too.</summary>
    public static readonly FinalTraining Refit = new(Kept: 1.5, Least: 1.3);

    // Training on changed images leaves nothing in the caches for them as they are: so many say enough of how well they were learnt.
    private const int TrainImages = 1000;

    // The settings of the finalists, by name.
    private readonly Dictionary<string, ImageClassificationTrainer.Options> _options = [];

    /// <summary>The best trials in full, the best first, and the best of them on all images where there is time for it.</summary>
    /// <param name="all">Every trial.</param>
    /// <param name="stop">Ends it; the best model is what the sweep is for, and made all the same.</param>
    public (List<RunRecord> Runs, RunRecord? Refit) Make(IReadOnlyList<TrialRecord> all, CancellationToken stop)
    {
        var runs = new List<RunRecord>();
        RunRecord? refit = null;
        var took = new Dictionary<string, double>(StringComparer.Ordinal);
        var finalists = Finalists.Of(all, settings.Finalists);

        // After the best, what is soon done: where time is short, the vote has more members.
        foreach (var trial in finalists.Take(1).Concat(finalists.Skip(1).OrderBy(trial => trial.Result.DurationInMilliseconds)))
        {
            // What is trained in the same way takes as long; of another way, as long as any.
            var options = trials.OptionsOf(trial.Parameter);
            var way = options.Mode.ToString();
            if (runs.Count > 0 && (stop.IsCancellationRequested || left() < took.GetValueOrDefault(way, took.Values.DefaultIfEmpty().Max())))
            {
                continue;
            }

            var name = ImageTrials.NameOf(trial.Number);
            var clock = Stopwatch.StartNew();
            var first = Final(Plan(name, options, name), name, runs.Count > 0 ? stop : CancellationToken.None);
            took[way] = new[] { took.GetValueOrDefault(way), clock.Elapsed.TotalSeconds, first.EvaluateSeconds }.Max();
            _options[name] = options;
            if (runs.Count == 0)
            {
                refit = Refitted(first, RefitFolder, stop);
            }

            List<RunRecord> seeds = [first];
            for (var more = 1; more < settings.Seeds && first.Status == RunStatus.Completed && !stop.IsCancellationRequested && left() >= trial.Result.DurationInMilliseconds / 1000; more++)
            {
                var place = Path.Combine(name, $"seed-{options.Seed + more}");
                seeds.Add(Final(Plan(name, options with { Seed = options.Seed + more }, place), place, stop));
            }

            runs.Add(seeds.Count > 1 ? first with { Seeds = [.. seeds.Select(SeedRuns.Figures)] } : first);
        }

        if (runs.Count == 0 && Ranking.BestUnfinished(all) is { } unfinished)
        {
            runs.Add(Unfinished(unfinished, stop));
        }

        var ranks = finalists.Select(trial => ImageTrials.NameOf(trial.Number)).ToList();
        return ([.. runs.OrderBy(run => ranks.IndexOf(run.Name))], refit);
    }

    /// <summary>A finalist trained once more on all images, where the time allows; null where it does not.</summary>
    /// <param name="finalist">The finalist.</param>
    /// <param name="place">The place of its refit in the folder.</param>
    /// <param name="stop">Ends it.</param>
    public RunRecord? Refitted(RunRecord finalist, string place, CancellationToken stop) =>
        settings.Refit && finalist.Status == RunStatus.Completed && !stop.IsCancellationRequested
        && left() >= (Refit.Least * (finalist.Seconds - finalist.EvaluateSeconds)) + finalist.EvaluateSeconds
        && OnAllImages(finalist, _options[finalist.Name], place) is { } plan
        && Final(plan, place, stop) is { Status: RunStatus.Completed } refit
            ? refit
            : null;

    private RunPlan Plan(string name, ImageClassificationTrainer.Options options, string place) => new()
    {
        Name = name,
        Description = $"{options.Arch}, {JsonNamingPolicy.CamelCase.ConvertName(options.Mode.ToString())}",
        Options = options,
        MostTrainImages = TrainImages,
        Command = ShellWords.Join(
        [
            "mlnetcnn", "train", settings.Dataset, "--settings", SettingsOf(place),
            .. settings.ImagesPerClass is { } most ? ["--images-per-class", most.ToString(CultureInfo.InvariantCulture)] : (string[])[],
        ]),
    };

    // The budget was too small for a whole trial: what one had learnt by then is a model all the same.
    private RunRecord Unfinished(TrialRecord trial, CancellationToken stop)
    {
        var name = ImageTrials.NameOf(trial.Number);
        var (end, wayOut) = stop.IsCancellationRequested ? ("the sweep was stopped", "go on with --resume") : ("the budget ended", "give a larger budget");
        var plan = Plan(name, trials.OptionsOf(trial.Parameter), name) with
        {
            Reason = FormattableString.Invariant($"{end} before any trial was whole: this is what {name} had learnt after {trial.Result.Steps} epochs; {wayOut}"),
        };
        return Final(plan, name, new CancellationToken(canceled: true));
    }

    // Nothing is left to choose or to stop by: as many epochs as the trial's best had, or all of a rate that falls to its end. Null where
    // the best was the head before its backbone was trained.
    private RunPlan? OnAllImages(RunRecord trial, ImageClassificationTrainer.Options options, string place)
    {
        var before = options.Mode is FineTuning.Partial or FineTuning.Full ? options.TransferOrDefault.HeadEpoch : 0;
        var best = trial.History!.BestEpoch - before;
        if (best <= 0 && before > 0)
        {
            return null;
        }

        var epochs = options.Schedule == LearningRateSchedule.Constant ? Math.Max(1, best) : options.Epoch;
        var plan = Plan(trial.Name, options with { Epoch = epochs, ValidationSetFraction = 0, EarlyStoppingCriteria = null, ReduceOnPlateau = null }, place);
        return plan with
        {
            Name = trial.Name + " on all images",
            LearnsValidation = true,
            Temperature = trial.Temperature,

            // 'train' leaves a dataset's own validation images to what they are.
            Command = datasets.Own.Validation is null ? plan.Command : "",
        };
    }

    private string SettingsOf(string place) => Path.Combine(folder, place, "settings.json");

    private RunRecord Final(RunPlan plan, string place, CancellationToken stop)
    {
        var own = Path.Combine(folder, place);
        var dataset = datasets.At(plan.Options.ImageSize);
        var run = RunStore.TryLoad(own) is { Status: RunStatus.Completed } done && RunExecutor.IsSame(done, plan, dataset)
            ? done
            : RunExecutor.TryExecute(plan, dataset, own, monitor(place), stop);
        if (Directory.Exists(own))
        {
            AtomicFile.Write(SettingsOf(place), JsonSerializer.Serialize(plan.Options, RecordJson.Options));
        }

        return run;
    }
}
