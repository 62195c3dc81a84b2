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

    private static SearchSpace Stages(params (string Mode, SearchSpace Space)[] stages) => new()
    {
        { "fineTuning", stages.Aggregate(new ChoiceOption([.. stages.Select(stage => stage.Mode)]), (choice, stage) => choice.When(stage.Mode, stage.Space)) },
    };
}
