using MLNetCnn.AutoML;

using static MLNetCnn.Tests.AutoML.Experiments.TestExperiments;

namespace MLNetCnn.Tests.AutoML.Images;

public sealed class FinalistsTests
{
    // The best first.
    private static readonly string[] Kinds =
    [
        """{ "fineTuning": "partial", "arch": "resnet-50", "imageSize": 256 }""",
        """{ "fineTuning": "partial", "arch": "resnet-50", "imageSize": 256, "epoch": 5 }""",
        """{ "fineTuning": "partial", "arch": "resnet-50", "imageSize": 256, "epoch": 6 }""",
        """{ "fineTuning": "frozen", "arch": "resnet-50", "imageSize": 256 }""",
        """{ "fineTuning": "frozen", "arch": "resnet-50", "imageSize": 256, "epoch": 9 }""",
        """{ "fineTuning": "frozen", "arch": "resnet-50", "imageSize": 224 }""",
        """{ "fineTuning": "frozen", "arch": "mobilenet-v2", "imageSize": 224 }""",
    ];

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(4, 0, 1, 3, 5)]
    [InlineData(6, 0, 1, 2, 3, 5, 6)]
    public void The_two_best_come_first_then_the_best_of_each_kind_then_the_next_best(int count, params int[] expected)
    {
        // In any order in which they were tried.
        var trials = Kinds.Index().Select(trial => Trial(trial.Index, trial.Item)).Reverse();

        Assert.Equal(expected, Finalists.Of(trials, count).Select(trial => trial.Number));
    }

    [Theory]
    [InlineData("partial", 0, 65)]
    [InlineData("partial", 1, 100)]
    [InlineData("full", 0, 100)]
    public void A_trial_after_the_first_needs_no_time_for_what_the_caches_keep(string way, int hits, double seconds)
    {
        var trial = Trial(0, $$"""{ "fineTuning": "{{way}}" }""");
        trial = trial with { Result = trial.Result with { DurationInMilliseconds = 100_000, CacheHits = hits } };

        Assert.Equal(seconds, SearchStage.SecondsOfNext(trial), 1e-9);
    }

    private static TrialRecord Trial(int number, string parameter) => new()
    {
        Id = number,
        ExperimentId = 1,
        Created = DateTimeOffset.UnixEpoch,
        Result = Result(new TrialSettings { TrialId = number, Parameter = Parse(parameter) }, loss: number),
    };
}
