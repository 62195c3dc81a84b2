using MLNetCnn.AutoML;

using static MLNetCnn.Tests.AutoML.Experiments.TestExperiments;

namespace MLNetCnn.Tests.AutoML.Experiments;

public sealed class SearchStageTests
{
    [Fact]
    public async Task What_is_cheap_is_tried_first_and_what_is_dear_gets_its_share()
    {
        var rate = new SearchSpace { { "rate", new UniformDoubleOption(0, 1) } };
        var trials = await Experiment(Stages(("full", rate), ("frozen", rate)), trial => Result(trial, 1), first: Parse("""{ "fineTuning": "frozen", "rate": 0.5 }"""))
            .SetSettings(new ExperimentSettings { Trials = 20, StagePatience = 6, Tuner = "random", Pruner = null })
            .SearchAsync(TestContext.Current.CancellationToken);

        var modes = trials.Select(trial => trial.Parameter["fineTuning"].AsType<string>()).ToArray();
        Assert.Equal(7, modes.TakeWhile(mode => mode == "frozen").Count());
        Assert.All(modes.Skip(7), mode => Assert.Equal("full", mode));
    }

    [Fact]
    public async Task Without_a_limit_of_time_the_trials_are_shared_out()
    {
        var rate = new SearchSpace { { "rate", new UniformDoubleOption(0, 1) } };
        var trials = await Experiment(Stages(("frozen", rate), ("partial", rate), ("full", rate)), trial => Result(trial, 1 - (0.001 * trial.TrialId)))
            .SetSettings(new ExperimentSettings { Trials = 35, Tuner = "random", Pruner = null })
            .SearchAsync(TestContext.Current.CancellationToken);

        // Four sevenths, then two, then one: what is dear is tried less.
        var counts = trials.CountBy(trial => trial.Parameter["fineTuning"].AsType<string>()).ToDictionary();
        Assert.Equal((20, 10, 5), (counts["frozen"], counts["partial"], counts["full"]));
    }

    [Fact]
    public void What_a_stage_has_chosen_brings_its_options_to_the_top_where_they_can_be_shared_out_by()
    {
        var space = Stages(
            ("frozen", new SearchSpace { { "arch", new ChoiceOption("a", "b") }, { "x", new UniformDoubleOption(0, 1) } }),
            ("full", new SearchSpace { { "arch", new ChoiceOption("c") } }));
        var frozen = SearchStage.Of(space)[0].Space;

        Assert.Equal(["fineTuning", "arch", "x"], frozen.Dimensions.Select(dimension => dimension.Name));
        Assert.IsType<ChoiceOption>(frozen.TryGetOption("arch"));
        var tuner = TunerCatalog.Create("eci", frozen, seed: 1);
        var parts = new List<string>();
        for (var id = 0; id < 2; id++)
        {
            var trial = new TrialSettings { TrialId = id, Parameter = tuner.Propose(new TrialSettings { TrialId = id })! };
            tuner.Update(Result(trial, 1));
            parts.Add(trial.Parameter["arch"].AsType<string>());
        }

        Assert.Equal(["a", "b"], parts);
    }

    [Fact]
    public void A_trial_that_was_given_back_counts_by_what_it_had_told()
    {
        static TrialRecord Trial(int number, TrialState state, double loss, int steps) => new()
        {
            Id = number,
            ExperimentId = 1,
            Created = DateTimeOffset.UnixEpoch,
            Result = Result(new TrialSettings { TrialId = number, Parameter = Parse("{}") }, loss) with { State = state, Steps = steps },
        };

        var trials = new[] { Trial(0, TrialState.Pruned, 0.5, 3), Trial(1, TrialState.Waiting, 0.4, 2), Trial(2, TrialState.Waiting, double.NaN, 0), Trial(3, TrialState.Failed, 0.1, 5) };
        Assert.Equal(1, Ranking.BestUnfinished(trials)!.Number);
    }

    [Fact]
    public async Task A_dear_stage_leaves_the_dearest_its_time_however_few_trials_it_had()
    {
        var time = new ManualTime();
        var seconds = new Dictionary<string, double> { ["frozen"] = 0.5, ["partial"] = 15, ["full"] = 25 };
        var rate = new SearchSpace { { "rate", new UniformDoubleOption(0, 1) } };
        var trials = await new AutoMLExperiment(0, time).SetSearchSpace(Stages([.. seconds.Keys.Select(mode => (mode, rate))])).SetTrialRunner(() => new Runner(trial =>
            {
                time.Move(TimeSpan.FromSeconds(seconds[trial.Parameter["fineTuning"].AsType<string>()]));
                return Result(trial, 1);
            }))
            .SetSettings(new ExperimentSettings { Seconds = 100, Reserve = 0.1, Tuner = "random", Pruner = null })
            .SearchAsync(TestContext.Current.CancellationToken);

        // Of 90 seconds, 1/7 is for what is cheap, and 3/7 have passed when the last stage begins; a second trial of that would not end in time.
        var counts = trials.CountBy(trial => trial.Parameter["fineTuning"].AsType<string>()).ToDictionary();
        Assert.Equal((26, 2, 1), (counts["frozen"], counts["partial"], counts["full"]));
    }

    [Fact]
    public async Task A_trial_is_compared_with_those_of_its_own_stage_alone()
    {
        var space = Stages(
            ("frozen", new SearchSpace { { "x", new UniformDoubleOption(0, 0.01) } }),
            ("full", new SearchSpace { { "x", new UniformDoubleOption(0.5, 0.51) } }));
        var trials = await new AutoMLExperiment(1)
            .SetSearchSpace(space)
            .SetTrialRunner(() => new Steps(16))
            .SetSettings(new ExperimentSettings { Trials = 13, StagePatience = 10, Tuner = "random", Pruner = "median" })
            .SearchAsync(TestContext.Current.CancellationToken);

        var dear = trials.First(trial => trial.Parameter["fineTuning"].AsType<string>() == "full");
        Assert.Equal(TrialState.Finished, dear.State);
    }

    [Fact]
    public async Task A_dearer_stage_begins_with_the_choices_that_did_best_before()
    {
        var space = Stages(
            ("frozen", new SearchSpace { { "arch", new ChoiceOption("a", "b", "c") }, { "x", new UniformDoubleOption(0, 1) } }),
            ("full", new SearchSpace { { "arch", new ChoiceOption("a", "b", "c") }, { "x", new UniformDoubleOption(0, 1, logBase: false, defaultValue: 0.25) } }));

        var trials = await Experiment(space, trial => Result(trial, trial.Parameter["arch"].AsType<string>() == "c" ? 0.1 : 1))
            .SetSettings(new ExperimentSettings { Trials = 30, StagePatience = 10, Tuner = "random" })
            .SearchAsync(TestContext.Current.CancellationToken);

        var dear = trials.First(trial => trial.Parameter["fineTuning"].AsType<string>() == "full");
        Assert.Equal(("c", 0.25), (dear.Parameter["arch"].AsType<string>(), dear.Parameter["x"].AsType<double>()));
    }

    [Fact]
    public async Task Each_network_is_tried_as_it_is_by_default_and_once_to_the_end()
    {
        var networks = new ChoiceOption("a", "b")
            .When("a", new() { { "x", new UniformDoubleOption(0, 0.01, logBase: false, defaultValue: 0.005) } })
            .When("b", new() { { "x", new UniformDoubleOption(0.5, 0.51, logBase: false, defaultValue: 0.505) } });
        var space = Stages(("frozen", new SearchSpace { { "arch", networks } }), ("full", new SearchSpace { { "arch", new ChoiceOption("a").When("a", new() { { "x", new UniformDoubleOption(0, 1) } }) } }));
        var first = SearchStage.Defaults(space);
        Assert.Equal([("a", 0.005), ("b", 0.505)], first.Select(parameter => (parameter["arch"].AsType<string>(), parameter["x"].AsType<double>())));

        // Enough of the better one for any of the other to be pruned.
        var better = Enumerable.Range(1, 8).Select(number => Parse(FormattableString.Invariant($$"""{ "fineTuning": "frozen", "arch": "a", "x": {{number / 1000.0}} }""")));
        var trials = await new AutoMLExperiment(1)
            .SetSearchSpace(space, [.. better.Except(first), .. first])
            .SetTrialRunner(() => new Steps(16))
            .SetSettings(new ExperimentSettings { Trials = 45, StagePatience = 100, Tuner = "random", Pruner = "median" })
            .SearchAsync(TestContext.Current.CancellationToken);

        var worse = trials.Where(trial => trial.Parameter["arch"].AsType<string>() == "b").Select(trial => trial.State).ToList();
        Assert.InRange(worse.Count, 5, 25);
        Assert.Equal(TrialState.Finished, worse[0]);
        Assert.All(worse.Skip(1), state => Assert.Equal(TrialState.Pruned, state));
    }

    private static SearchSpace Stages(params (string Mode, SearchSpace Space)[] stages) => new()
    {
        { "fineTuning", stages.Aggregate(new ChoiceOption([.. stages.Select(stage => stage.Mode)]), (choice, stage) => choice.When(stage.Mode, stage.Space)) },
    };
}
