using System.Collections.Concurrent;

using MLNetCnn.AutoML;
using MLNetCnn.Testing;

using static MLNetCnn.Tests.AutoML.Experiments.TestExperiments;

using Parameter = MLNetCnn.AutoML.Parameter;

namespace MLNetCnn.Tests.AutoML.Experiments;

public sealed class AutoMLExperimentTests
{
    private static readonly SearchSpace Line = new() { { "x", new UniformDoubleOption(-1, 1) } };

    [Fact]
    public async Task It_finds_the_valley_and_gives_the_best_trial()
    {
        var best = await Experiment(Line, trial => Result(trial, Math.Abs(trial.Parameter["x"].AsType<double>() - 0.3)))
            .SetMaxModelToExplore(60)
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.InRange(best.TrialSettings.Parameter["x"].AsType<double>(), 0.2, 0.4);
    }

    [Fact]
    public async Task Time_for_trials_ends_before_the_share_that_is_kept_for_the_final_model()
    {
        var time = new ManualTime();
        var began = time.GetUtcNow();
        var trials = await new AutoMLExperiment(5, time).SetSearchSpace(Line).SetTrialRunner(() => new Runner(trial =>
            {
                time.Move(TimeSpan.FromMilliseconds(50));
                return Result(trial, 1);
            }))
            .SetSettings(new ExperimentSettings { Seconds = 4, Reserve = 0.5, Tuner = "random", Pruner = null })
            .SearchAsync(TestContext.Current.CancellationToken);

        Assert.NotEmpty(trials);
        Assert.InRange((time.GetUtcNow() - began).TotalSeconds, 1, 3);
    }

    [Fact]
    public async Task What_is_tried_first_counts_among_the_trials()
    {
        Parameter[] first = [.. Enumerable.Range(0, 4).Select(number => Parse($$"""{ "x": 0.{{number}} }"""))];
        var trials = await Experiment(Line, trial => Result(trial, 1), first).SetMaxModelToExplore(2).SearchAsync(TestContext.Current.CancellationToken);

        Assert.Equal(first[..2], trials.Select(trial => trial.Parameter));
    }

    [Fact]
    public async Task A_trial_that_breaks_costs_itself_and_the_reason_is_kept()
    {
        var monitor = new Recorder();
        var trials = await Experiment(Line, trial => trial.TrialId % 2 == 1 ? throw new InvalidOperationException("no luck\ntoday") : Result(trial, 0.5))
            .SetMaxModelToExplore(6).SetMonitor(monitor)
            .SearchAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, trials.Count(trial => trial.State == TrialState.Finished));
        Assert.All(trials.Where(trial => trial.State == TrialState.Failed), trial => Assert.Equal("no luck today", trial.Result.Reason));
        Assert.Equal(3, monitor.Failed.Count);
        Assert.Equal(0, Assert.Single(monitor.Best).TrialSettings.TrialId);
    }

    [Fact]
    public async Task Nothing_but_one_failure_ends_the_search_and_says_why()
    {
        var runs = 0;
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Experiment(Line, _ =>
            {
                runs++;
                throw new InvalidOperationException("no images here");
            }).SetMaxModelToExplore(100).RunAsync(TestContext.Current.CancellationToken));

        Assert.Contains("no images here", failure.Message, StringComparison.Ordinal);
        Assert.Equal(5, runs);
    }

    [Fact]
    public async Task A_search_that_ended_in_failures_goes_on_when_their_cause_is_mended()
    {
        using var folder = new TemporaryFolder();
        using var store = TrialStore.Open(folder["trials.db"]);
        Task<IReadOnlyList<TrialRecord>> Again(bool isMended) => Experiment(Line, trial => isMended ? Result(trial, trial.TrialId) : throw new InvalidOperationException("no weights here"))
            .SetMaxModelToExplore(10).SetStore(store, "search").SearchAsync(TestContext.Current.CancellationToken);

        Assert.Equal(5, (await Again(isMended: false)).Count(trial => trial.State == TrialState.Failed));
        var after = await Again(isMended: true);

        Assert.Equal((5, 5), (after.Count(trial => trial.State == TrialState.Failed), after.Count(trial => trial.State == TrialState.Finished)));
    }

    [Fact]
    public async Task A_search_that_was_stopped_goes_on_without_losing_or_repeating_a_trial()
    {
        using var folder = new TemporaryFolder();
        using var store = TrialStore.Open(folder["trials.db"]);
        using var stop = new CancellationTokenSource();
        var runs = new ConcurrentBag<int>();
        AutoMLExperiment Again(int stopAt) => Experiment(Line, trial =>
        {
            if (trial.TrialId == stopAt)
            {
                stop.Cancel();
                throw new OperationCanceledException(stop.Token);
            }

            runs.Add(trial.TrialId);
            return Result(trial, trial.TrialId);
        }).SetMaxModelToExplore(10).SetStore(store, "search");

        var before = await Again(stopAt: 4).SearchAsync(stop.Token);
        Assert.Equal(4, before.Count(trial => trial.State == TrialState.Finished));
        var after = await Again(stopAt: -1).SearchAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 10), runs.Order());
        Assert.Equal(before.Take(4).Select(trial => trial.Parameter), after.Take(4).Select(trial => trial.Parameter));
    }

    [Fact]
    public async Task With_one_worker_and_a_seed_a_search_repeats_itself_and_several_workers_run_every_trial_once()
    {
        async Task<Parameter[]> Parameters(int workers)
        {
            var trials = await Experiment(Line, trial => Result(trial, trial.Parameter["x"].AsType<double>()))
                .SetSettings(new ExperimentSettings { Trials = 24, Workers = workers, Pruner = null })
                .SearchAsync(TestContext.Current.CancellationToken);
            Assert.All(trials, trial => Assert.Equal((TrialState.Finished, 1), (trial.State, trial.Attempt)));
            return [.. trials.Select(trial => trial.Parameter)];
        }

        Assert.Equal(await Parameters(1), await Parameters(1));
        Assert.Equal(24, (await Parameters(3)).Distinct().Count());
    }

    [Fact]
    public async Task Trials_without_hope_are_ended_early()
    {
        var trials = await new AutoMLExperiment(1)
            .SetSearchSpace(Line)
            .SetTrialRunner(() => new Steps(64))
            .SetSettings(new ExperimentSettings { Trials = 40, Tuner = "random", MaximumSteps = 64 })
            .SearchAsync(TestContext.Current.CancellationToken);

        var pruned = trials.Where(trial => trial.State == TrialState.Pruned).ToArray();
        Assert.InRange(pruned.Length, 10, 39);
        Assert.All(pruned, trial => Assert.Contains("others did better", trial.Result.Reason, StringComparison.Ordinal));
        Assert.Equal(trials.Min(trial => Math.Abs(trial.Parameter["x"].AsType<double>())), Ranking.Best(trials)!.Result.Loss, 1e-9);
    }

    [Fact]
    public async Task A_trial_that_reports_nothing_is_ended_when_the_time_for_trials_is_over()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var trials = await new AutoMLExperiment(1)
            .SetSearchSpace(Line)
            .SetTrialRunner(() => new Endless())
            .SetSettings(new ExperimentSettings { Seconds = 2, LeaseSeconds = 1, Pruner = null })
            .SearchAsync(TestContext.Current.CancellationToken);

        var ended = Assert.Single(trials);
        Assert.Equal((TrialState.Pruned, "the time for trials ended"), (ended.State, ended.Result.Reason));
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.5, 30);
    }

    [Fact]
    public async Task A_trial_that_takes_more_memory_than_there_may_be_fails_and_says_how_much()
    {
        var trials = await new AutoMLExperiment(1)
            .SetSearchSpace(Line)
            .SetTrialRunner(() => new Endless())
            .SetSettings(new ExperimentSettings { Trials = 1, LeaseSeconds = 0.4, MegaBytes = 1, Pruner = null })
            .SearchAsync(TestContext.Current.CancellationToken);

        var ended = Assert.Single(trials);
        Assert.Equal(TrialState.Failed, ended.State);
        Assert.Matches("^the process used more than the limit of 1 MiB$", ended.Result.Reason);
    }

    private sealed class Endless : ITrialRunner
    {
        public async Task<TrialResult> RunAsync(TrialSettings settings, CancellationToken ct)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            throw new InvalidOperationException("nothing ends it");
        }

        public void Dispose()
        {
        }
    }

    [Fact]
    public async Task A_search_ends_when_trial_after_trial_fails_for_one_reason()
    {
        var trials = await Experiment(Line, trial => trial.TrialId < 3 ? Result(trial, 0.5) : throw new InvalidOperationException("the disk is full"))
            .SetSettings(new ExperimentSettings { Trials = 500, Tuner = "random", Pruner = null })
            .SearchAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, trials.Count(trial => trial.State == TrialState.Finished));
        Assert.Equal(20, trials.Count(trial => trial.State == TrialState.Failed));
    }

    [Fact]
    public async Task The_last_trial_of_a_worker_that_died_is_waited_for_and_run()
    {
        using var folder = new TemporaryFolder();
        using var store = TrialStore.Open(folder["trials.db"]);
        var experiment = Experiment(Line, trial => Result(trial, 0.5))
            .SetSettings(new ExperimentSettings { Trials = 3, LeaseSeconds = 2, Tuner = "random", Pruner = null })
            .SetStore(store, "line");
        var dead = store.Lease(experiment.Prepare().Id, "dead", TimeSpan.FromSeconds(2));

        var trials = await experiment.SearchAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, dead!.Number);
        Assert.Equal(3, trials.Count(trial => trial.State == TrialState.Finished));
        Assert.Equal(2, trials[0].Attempt);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var problems = Assert.Throws<ConfigurationException>(() => new AutoMLExperiment(0)
            .SetSettings(new ExperimentSettings { Tuner = "luck", Workers = 0, Reserve = 2 }).Run()).Problems;

        Assert.Contains(problems, problem => problem.Contains("'luck'", StringComparison.Ordinal) && problem.Contains("tpe", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("workers is 0", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("reserve is 2", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("no end", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("SetSearchSpace", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("SetTrialRunner", StringComparison.Ordinal));
    }

    private sealed class Recorder : IMonitor
    {
        public ConcurrentBag<TrialResult> Failed { get; } = [];

        public ConcurrentBag<TrialResult> Best { get; } = [];

        public void ReportCompletedTrial(TrialResult result)
        {
        }

        public void ReportBestTrial(TrialResult result) => Best.Add(result);

        public void ReportFailTrial(TrialResult result) => Failed.Add(result);

        public void ReportRunningTrial(TrialSettings setting)
        {
        }
    }
}
