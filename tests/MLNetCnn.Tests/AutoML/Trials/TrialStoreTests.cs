using System.Diagnostics;
using System.Globalization;

using MLNetCnn.AutoML;

using Parameter = MLNetCnn.AutoML.Parameter;

namespace MLNetCnn.Tests.AutoML;

/// <summary>What every trial store must do; each kind of store passes it as a class of its own.</summary>
public abstract class TrialStoreTests
{
    private protected static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The location of a new store.</summary>
    protected abstract string NewLocation();

    [Fact]
    public void Everything_about_a_trial_comes_back()
    {
        var (location, time) = (NewLocation(), new ManualTime());
        using var store = TrialStore.Open(location, time);
        var experiment = store.CreateExperiment("dogs – größer", SearchSpaceJson.Write(TestSpaces.Conditional()), """{ "budget": "10m" }""", seed: long.MaxValue);
        var begun = time.GetUtcNow();
        var waiting = store.Enqueue(experiment.Id, TestSpaces.Conditional().Default)!;
        var leased = store.Lease(experiment.Id, "a:1", Minute)!;
        Assert.Equal((TrialState.Waiting, 0, TrialState.Running, 1, begun + Minute), (waiting.State, waiting.Attempt, leased.State, leased.Attempt, leased.LeasedUntil));
        Assert.True(store.Report(leased, new TrialReport(1, 0.5) { Seconds = 1.5, Metrics = new Dictionary<string, double> { ["accuracy"] = 0.5, ["gap"] = double.NaN } }));
        Assert.True(store.Report(leased, new TrialReport(2, double.NaN)));
        time.Move(TimeSpan.FromSeconds(5));
        var result = leased.Result with
        {
            State = TrialState.Pruned,
            Metric = 0.75,
            Loss = double.NaN,
            Steps = 2,
            DurationInMilliseconds = 1234.5,
            PeakMemoryInMegaByte = 321.25,
            Applied = new Parameter([new("epochs", ParameterValue.From(3))]),
            CacheHits = 7,
            Versions = new Dictionary<string, string> { ["libtorch"] = "1.13.0" },
            Reason = "it's worse than the median of 6 trials; \"0.5\"",
            ArtifactFolder = "/tmp/größer",
        };
        Assert.True(store.Complete(leased, result));

        using var other = TrialStore.Open(location, time);
        var back = Assert.Single(other.GetTrials(experiment.Id));
        Assert.Equivalent(result, back.Result, strict: true);
        Assert.Equal((begun, begun, time.GetUtcNow(), null, "a:1"), (back.Created, back.Started!.Value, back.Ended!.Value, back.LeasedUntil, back.Worker));
        Assert.Equal(unchecked(long.MaxValue + 0), back.Result.TrialSettings.Seed);
        Assert.Equal(experiment, other.FindExperiment(experiment.Name));
        Assert.Equal([experiment], other.GetExperiments());
        Assert.Null(other.FindExperiment("cats"));
        var reports = other.GetReports(back.Id);
        Assert.Equal([1, 2], reports.Select(report => report.Step));
        Assert.Equal((1.5, 0.5, double.NaN), (reports[0].Seconds, reports[0].Metrics["accuracy"], reports[0].Metrics["gap"]));
        Assert.Equal([0.5, double.NaN], Assert.Single(other.GetCurves(experiment.Id)).Losses);
        Assert.Contains("resume it", Assert.Throws<ConfigurationException>(() => other.CreateExperiment(experiment.Name, "{}", "{}", 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lease_that_runs_out_is_taken_up_by_another_and_the_first_worker_has_no_say_any_more()
    {
        var time = new ManualTime();
        using var store = TrialStore.Open(NewLocation(), time);
        var experiment = Experiment(store, trials: 1);
        var first = store.Lease(experiment, "first", Minute)!;
        Assert.True(store.Report(first, new TrialReport(1, 0.9)));
        Assert.True(store.Report(first, new TrialReport(2, 0.8)));
        time.Move(TimeSpan.FromSeconds(59));
        Assert.Null(store.Lease(experiment, "second", Minute));
        Assert.True(store.Heartbeat(first, Minute));
        time.Move(TimeSpan.FromSeconds(59));
        Assert.Null(store.Lease(experiment, "second", Minute));
        time.Move(TimeSpan.FromSeconds(1));
        var second = store.Lease(experiment, "second", Minute)!;
        Assert.Equal((first.Id, 2, "second"), (second.Id, second.Attempt, second.Worker));

        Assert.False(store.Heartbeat(first, Minute));
        Assert.False(store.Report(first, new TrialReport(3, 0.1)));
        Assert.False(store.Complete(first, first.Result with { State = TrialState.Finished, Loss = 0.1 }));
        Assert.False(store.Release(first));
        // The second goes on from a checkpoint after step 1: what the first noted of step 2 gives way.
        Assert.Equal([0.9, 0.8], store.GetCurves(experiment).Single().Losses);
        Assert.True(store.Report(second, new TrialReport(2, 0.7)));
        Assert.Equal([0.9, 0.7], store.GetCurves(experiment).Single().Losses);
        Assert.True(store.Complete(second, second.Result with { State = TrialState.Finished, Loss = 0.7 }));
        Assert.False(store.Complete(second, second.Result with { State = TrialState.Failed }));
        Assert.Null(store.Lease(experiment, "third", Minute));
        Assert.Equal(0.7, store.GetTrials(experiment).Single().Result.Loss);
    }

    [Fact]
    public void A_trial_whose_workers_keep_ending_fails_with_the_reason_and_one_given_back_does_not()
    {
        var time = new ManualTime();
        using var store = TrialStore.Open(NewLocation(), time);
        var experiment = Experiment(store, trials: 2);
        for (var i = 0; i < 5; i++)
        {
            var trial = store.Lease(experiment, "patient", Minute)!;
            Assert.Equal((0, 1), (trial.Number, trial.Attempt));
            Assert.True(store.Release(trial));
        }

        for (var attempt = 1; attempt <= ITrialStore.MaximumAttempts; attempt++)
        {
            Assert.Equal((0, attempt), (store.Lease(experiment, $"host:{attempt}", Minute)!.Number, store.GetTrials(experiment)[0].Attempt));
            time.Move(Minute);
        }

        Assert.Equal(1, store.Lease(experiment, "next", Minute)!.Number);
        var failed = store.GetTrials(experiment)[0];
        Assert.Equal(TrialState.Failed, failed.State);
        Assert.Contains("3 workers ended without a word", failed.Result.Reason, StringComparison.Ordinal);
        Assert.Contains("host:3", failed.Result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_trials_of_a_worker_known_to_be_dead_are_free_at_once_and_nobody_elses_are()
    {
        using var store = TrialStore.Open(NewLocation());
        var experiment = Experiment(store, trials: 3);
        var dead = store.Lease(experiment, "dead", Minute)!;
        store.Lease(experiment, "alive", Minute);

        Assert.Equal(1, store.Abandon(experiment, "dead"));
        Assert.Equal(0, store.Abandon(experiment, "unheard of"));
        var again = store.Lease(experiment, "next", Minute)!;
        Assert.Equal((dead.Number, 2), (again.Number, again.Attempt));
        Assert.Equal(2, store.Lease(experiment, "next", Minute)!.Number);
        Assert.False(store.Heartbeat(dead, Minute));
    }

    [Fact]
    public void A_proposal_sees_all_trials_and_a_failed_one_leaves_nothing()
    {
        using var store = TrialStore.Open(NewLocation());
        var experiment = Experiment(store, trials: 3);
        Assert.Null(store.Enqueue(experiment, store.GetTrials(experiment)[1].Parameter));
        Assert.Null(store.Propose(experiment, "w", Minute, (settings, trials) => null));
        Assert.Throws<InvalidOperationException>(() => store.Propose(experiment, "w", Minute, (_, _) => throw new InvalidOperationException("the tuner")));
        var proposed = store.Propose(experiment, "w", Minute, (settings, trials) =>
        {
            Assert.Equal([0, 1, 2], trials.Select(trial => trial.Number));
            Assert.Equal((3, 103L), (settings.TrialId, settings.Seed));
            return Numbered(99);
        })!;
        Assert.Equal((3, TrialState.Running, 1, "w"), (proposed.Number, proposed.State, proposed.Attempt, proposed.Worker));
        Assert.Equal(4, store.GetTrials(experiment).Count);
        Assert.Throws<ConfigurationException>(() => store.Enqueue(experiment + 1000, Numbered(1)));
    }

    [Fact]
    public void Many_workers_at_once_have_every_trial_once()
    {
        var location = NewLocation();
        using var store = TrialStore.Open(location);
        var experiment = Experiment(store, trials: 40);
        var workers = Enumerable.Range(0, 8).Select(worker => Task.Factory.StartNew(
            () =>
            {
                using var own = TrialStore.Open(location);
                var had = new List<int>();
                while ((own.Lease(experiment, $"w{worker}", Minute) ?? Propose(own)) is { } trial)
                {
                    Assert.True(own.Report(trial, new TrialReport(1, 1)));
                    Assert.True(own.Complete(trial, trial.Result with { State = TrialState.Finished, Loss = trial.Number }));
                    had.Add(trial.Number);
                }

                return had;
            },
            TaskCreationOptions.LongRunning)).ToArray();
        Assert.Equal(Enumerable.Range(0, 60), workers.SelectMany(worker => worker.Result).Order());
        Assert.All(store.GetTrials(experiment), trial => Assert.Equal((TrialState.Finished, 1, (double)trial.Number), (trial.State, trial.Attempt, trial.Result.Loss)));

        TrialRecord? Propose(ITrialStore own) => own.Propose(experiment, "w", Minute, (settings, _) => settings.TrialId < 60 ? Numbered(settings.TrialId) : null);
    }

    [Fact]
    public void Workers_killed_at_any_moment_lose_and_repeat_nothing()
    {
        var location = NewLocation();
        using var store = TrialStore.Open(location);
        var experiment = Experiment(store, trials: 30);
        var killed = 0;
        var workers = new List<Process> { StartWorker(location), StartWorker(location) };
        var patience = Stopwatch.StartNew();
        while (store.GetTrials(experiment) is var trials && trials.Any(trial => trial.State != TrialState.Finished))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), "the workers did not come to an end");
            if (killed < 3 && trials.Any(trial => trial.State == TrialState.Running && trial.Worker == TrialStoreWorker.Name(workers[killed].Id)))
            {
                // SIGKILL, amid its work.
                workers[killed].Kill();
                killed++;
                workers.Add(StartWorker(location));
            }

            Thread.Sleep(10);
        }

        foreach (var worker in workers)
        {
            worker.WaitForExit();
            worker.Dispose();
        }

        Assert.Equal(3, killed);
        // A worker's loss is the attempt it had: what is kept is the last one's, and the killed ones' trials were taken up.
        Assert.All(store.GetTrials(experiment), trial => Assert.Equal(trial.Attempt, trial.Result.Loss));
        Assert.Contains(store.GetTrials(experiment), trial => trial.Attempt > 1);
        Assert.All(store.GetCurves(experiment), curve => Assert.Equal([3, 2, 1], curve.Losses));
    }

    private static Process StartWorker(string location)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, typeof(TrialStoreTests).Assembly.GetName().Name!),
            ["-method", $"{typeof(TrialStoreWorker).FullName}.{nameof(TrialStoreWorker.Run)}", "-explicit", "only"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[TrialStoreWorker.Location] = location;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return process;
    }

    [Fact]
    public void Trials_that_failed_for_one_reason_can_be_tried_once_more_and_the_others_stay_as_they_are()
    {
        using var store = TrialStore.Open(NewLocation());
        var experiment = Experiment(store, trials: 4);
        foreach (var reason in new[] { "no disk", "no luck", "no disk" })
        {
            var leased = store.Lease(experiment, "w", Minute)!;
            Assert.True(store.Complete(leased, leased.Result with { State = TrialState.Failed, Reason = reason }));
        }

        Assert.Equal(2, store.Retry(experiment, "no disk"));

        Assert.Equal([TrialState.Waiting, TrialState.Failed, TrialState.Waiting, TrialState.Waiting], store.GetTrials(experiment).Select(trial => trial.State));
        var again = store.Lease(experiment, "w", Minute)!;
        Assert.Equal((0, 1, null), (again.Number, again.Attempt, again.Result.Reason));
        Assert.True(store.Complete(again, again.Result with { State = TrialState.Finished, Loss = 0.5 }));
        Assert.Equal(TrialState.Finished, store.GetTrials(experiment)[0].State);
    }

    private static long Experiment(ITrialStore store, int trials)
    {
        var experiment = store.CreateExperiment("e", "{}", "{}", seed: 100).Id;
        for (var i = 0; i < trials; i++)
        {
            Assert.Equal(i, store.Enqueue(experiment, Numbered(i))!.Number);
        }

        return experiment;
    }

    private static Parameter Numbered(int number) => new([new("x", ParameterValue.FromInt(number))]);
}

/// <summary>A worker in a process of its own, which <see cref="TrialStoreTests"/> starts and kills; no test by itself.</summary>
public class TrialStoreWorker
{
    public const string Location = "MLNETCNN_TEST_STORE";

    public static string Name(int process) => string.Create(CultureInfo.InvariantCulture, $"worker:{process}");

    [Fact(Explicit = true)]
    public void Run()
    {
        var lease = TimeSpan.FromSeconds(3);
        using var store = TrialStore.Open(Environment.GetEnvironmentVariable(Location)!);
        var experiment = store.GetExperiments().Single().Id;
        var worker = Name(Environment.ProcessId);
        while (store.GetTrials(experiment).Any(trial => trial.State is TrialState.Waiting or TrialState.Running))
        {
            if (store.Lease(experiment, worker, lease) is not { } trial)
            {
                Thread.Sleep(50);
                continue;
            }

            for (var step = 1; step <= 3; step++)
            {
                Thread.Sleep(25);
                if (!store.Report(trial, new TrialReport(step, 4 - step)))
                {
                    break;
                }
            }

            store.Complete(trial, trial.Result with { State = TrialState.Finished, Loss = trial.Attempt });
        }
    }
}
