using MLNetCnn.Data;
using MLNetCnn.Reports;
using MLNetCnn.Runs;

namespace MLNetCnn.Tests.Reports;

public sealed class VerdictTests
{
    [Fact]
    public void The_best_on_validation_wins_even_where_another_is_better_on_test()
    {
        var verdict = ReportModel.ForStudy(SampleStudy.Create()).Verdict;
        var runs = SampleStudy.Create().Runs;

        Assert.Equal(DatasetSplit.Validation, verdict.ChosenOn);
        Assert.Equal(runs.Max(run => run.Validation?.MicroAccuracy), runs[verdict.Winner!.Value].Validation!.MicroAccuracy);
        Assert.True(runs.Max(run => run.Test?.MicroAccuracy) > verdict.Test!.Mean);
        Assert.False(verdict.LeadIsClear);
        Assert.Contains("may be chance", verdict.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_validation_images_the_test_images_decide_and_the_verdict_says_so()
    {
        var weak = SampleStudy.Run("weak", 0.70, null, 1_000, 1) with { Validation = null };
        var strong = SampleStudy.Run("strong", 0.80, null, 1_000, 1);

        var verdict = ReportModel.Compare([weak, strong]).Verdict;

        Assert.Equal(1, verdict.Winner);
        Assert.Equal(DatasetSplit.Test, verdict.ChosenOn);
        Assert.True(verdict.LeadIsClear);
        Assert.Contains("the test images decided", verdict.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_its_search_ranks_first_is_not_called_the_most_accurate_where_any_other_is()
    {
        RunRecord[] runs = [SampleStudy.Run("first", 0.80, null, 1_000, 1), SampleStudy.Run("second", 0.80, null, 1_000, 1), SampleStudy.Run("third", 0.85, null, 1_000, 1)];
        var verdict = Verdict.Of(runs, ranked: true);
        Assert.Equal(0, verdict.Winner);
        Assert.Contains("third is ", verdict.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("Highest", verdict.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_that_were_tested_on_different_images_have_no_winner()
    {
        RunRecord Tested(string name, string images) => SampleStudy.Run(name, 0.8, null, 1_000, 1) with { Answers = MLNetCnn.Evaluation.Answers.Of([0, 1], [0.9f, 0.1f, 0.2f, 0.8f], 2, images) };
        var verdict = ReportModel.Compare([Tested("one", "a"), Tested("other", "b")]).Verdict;
        Assert.Null(verdict.Winner);
        Assert.Contains("one and other were tested on different images", verdict.Explanation, StringComparison.Ordinal);
        Assert.NotNull(ReportModel.Compare([Tested("one", "a"), Tested("other", "a")]).Verdict.Winner);
    }

    [Fact]
    public void Of_two_equal_runs_the_smaller_network_wins()
    {
        var large = SampleStudy.Run("large", 0.8, null, 2_000, 1);
        var small = large with { Name = "small", ParameterCount = 1_000 };

        Assert.Equal(1, ReportModel.Compare([large, small]).Verdict.Winner);
    }

    [Fact]
    public void Of_runs_with_several_seeds_the_mean_decides_and_seeds_that_overlap_leave_it_open()
    {
        RunRecord Seeded(string name, params double[] validation) => SampleStudy.Run(name, 0.5, null, 1_000, 1) with
        {
            Seeds = [.. validation.Select((accuracy, seed) => new SeedFigures(seed, RunStatus.Completed, accuracy, accuracy, accuracy))],
        };

        var open = ReportModel.Compare([Seeded("lucky once", 0.60, 0.90), Seeded("steady", 0.80, 0.82)]).Verdict;
        var clear = ReportModel.Compare([Seeded("worse", 0.70, 0.72), Seeded("steady", 0.80, 0.82)]).Verdict;

        Assert.Equal((1, false), (open.Winner, open.LeadIsClear));
        Assert.Contains("accuracies of the single seeds overlap", open.Explanation, StringComparison.Ordinal);
        Assert.Equal((1, true), (clear.Winner, clear.LeadIsClear));
        Assert.Equal((0.81, 0.80, 0.82), (clear.Test!.Mean, clear.Test.Lowest, clear.Test.Highest));
    }

    [Fact]
    public void A_failed_run_never_wins_whatever_figures_it_holds()
    {
        var failed = SampleStudy.Run("failed", 0.99, null, 1_000, 1) with { Status = RunStatus.Failed, Reason = "disk full" };

        Assert.Null(ReportModel.ForRun(failed).Verdict.Winner);
        Assert.Equal(1, ReportModel.Compare([failed, SampleStudy.Run("sound", 0.5, null, 1_000, 1)]).Verdict.Winner);
    }

    [Fact]
    public void Runs_on_different_classes_have_no_winner()
    {
        var other = SampleStudy.Run("b", 0.8, null, 1_000, 1) with
        {
            Dataset = SampleStudy.Dataset with { Classes = ["x", .. SampleStudy.Dataset.Classes.Skip(1)], Fingerprint = "other" },
        };

        var model = ReportModel.Compare([SampleStudy.Run("a", 0.7, null, 1_000, 1), other]);

        Assert.Null(model.Verdict.Winner);
        Assert.Contains("different classes", model.Verdict.Explanation, StringComparison.Ordinal);
        Assert.Equal(2, model.Datasets.Count);
    }

    [Fact]
    public void A_report_without_runs_is_refused() =>
        Assert.Contains("no runs", Assert.Throws<ArgumentException>(() => ReportModel.Compare([])).Message, StringComparison.Ordinal);
}
