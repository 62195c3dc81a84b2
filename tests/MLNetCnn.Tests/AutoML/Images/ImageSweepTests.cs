using MLNetCnn.AutoML;
using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Inference;
using MLNetCnn.Reports;
using MLNetCnn.Runs;
using MLNetCnn.Testing;
using MLNetCnn.Tests.Reports;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.AutoML.Images;

public sealed class ImageSweepTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private static readonly SearchSpace Space = new()
    {
        { "arch", new ChoiceOption("lenet-5", "convnn-1") },
        { "learningRate", new UniformDoubleOption(1e-4, 2e-2, logBase: true, defaultValue: 1e-3) },
        { "epoch", new UniformIntOption(2, 5) },
        { "imageSize", new ChoiceOption(28, 20) },
    };

    [Fact]
    public void Other_test_images_change_no_trial_and_no_choice()
    {
        var (few, many) = (Run(testImages: 3), Run(testImages: 20));
        Assert.Equal((30, 200), (few.Runs[0].Test!.Count, many.Runs[0].Test!.Count));
        Assert.Equal(many.Trials.Select(trial => (trial.Parameter["arch"], trial.Parameter["learningRate"], trial.Loss)), few.Trials.Select(trial => (trial.Parameter["arch"], trial.Parameter["learningRate"], trial.Loss)));
        Assert.Equal(many.Runs.Select(run => run.Name), few.Runs.Select(run => run.Name));
        Assert.Equal(many.Ensemble!.Weights, few.Ensemble!.Weights);

        static SweepRecord Run(int testImages)
        {
            using var folder = new TemporaryFolder();
            using var datasets = new SizedDatasets(size => DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 40, TestImagesPerClass = testImages, Height = size?.Height, Width = size?.Width }));
            using var store = TrialStore.Open(folder["trials.db"]);
            var settings = new SweepSettings { Dataset = "fashion-mnist", Training = ImageSweep.DefaultTraining, Refit = false, Experiment = new() { Trials = 4, Pruner = null } };
            return new ImageSweep(settings, datasets, "cpu", new SourceOptions(), store, folder.Path)
                .Run("sweep", Space, SilentExperimentMonitor.Instance, _ => SilentMonitor.Instance, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Its_finalists_are_the_best_trials_and_its_report_draws_every_chart()
    {
        using var folder = new TemporaryFolder();
        using var datasets = new SizedDatasets(size => DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions
        {
            TrainImagesPerClass = 100,
            TestImagesPerClass = 20,
            Height = size?.Height,
            Width = size?.Width,
        }));
        using var store = TrialStore.Open(folder["trials.db"]);
        var settings = new SweepSettings { Dataset = "fashion-mnist", Training = ImageSweep.DefaultTraining, Seeds = 2, Experiment = new() { Trials = 10, Workers = 2, MaximumSteps = 5 } };
        var sweep = new ImageSweep(settings, datasets, "cpu", new SourceOptions(), store, folder.Path);

        var record = sweep.Run("sweep", Space, SilentExperimentMonitor.Instance, _ => SilentMonitor.Instance, TestContext.Current.CancellationToken);

        Assert.Equal(10, record.Trials.Count);
        var ranked = record.Trials.Where(trial => trial.State == TrialState.Finished).OrderBy(trial => trial.Loss).ToArray();
        // The best of both networks at each size, and the next best.
        var kinds = ranked.GroupBy(trial => (trial.Parameter["arch"], trial.Parameter["imageSize"])).Select(kind => kind.First()).ToArray();
        TrialSummary[] chosen = [.. kinds, .. ranked.Except(kinds).Take(settings.Finalists - kinds.Length)];
        Assert.InRange(kinds.Length, 2, settings.Finalists - 1);
        var finalists = ranked.Where(chosen.Contains).ToArray();
        Assert.Equal(finalists.Select(trial => $"trial-{trial.Number}"), record.Runs.Select(run => run.Name));
        Assert.All(finalists.Zip(record.Runs), pair => Assert.Equal(pair.First.Accuracy!.Value, pair.Second.Validation!.MicroAccuracy, 1e-9));
        Assert.All(record.Runs, run => Assert.Equal(200, run.Test!.Count));
        Assert.All(record.Runs, run => Assert.True(run.Seconds >= run.TrainSeconds));
        Assert.All(record.Trials, trial => Assert.Equal(0, trial.CacheHits));
        Assert.All(record.Runs, run => Assert.Equal([0, 1], run.Seeds.Select(seed => seed.Seed)));
        var verdict = ReportModel.ForSweep(record).Verdict;
        var lead = verdict.LeadTest!;
        // The page's winner is the model beside it.
        Assert.Equal((0, 1), (verdict.Winner, verdict.RunnerUp));
        Assert.Equal(record.Runs[0].Test!.MicroAccuracy - record.Runs[1].Test!.MicroAccuracy, (lead.OnlyFirstRight - lead.OnlySecondRight) / 200.0, 1e-9);
        Assert.Equal((1000, 0, 200), (record.Refit!.Dataset.TrainCounts.Sum(), record.Refit.Dataset.ValidationCounts.Sum(), record.Refit.Test!.Count));
        Assert.Equal(record.Runs[0].Dataset.TrainCounts.Sum() + record.Runs[0].Validation!.Count, record.Refit.Dataset.TrainCounts.Sum());
        Assert.Equal(record.Refit.Name, record.Best!.Name);
        using (var model = ImageModel.Load(Path.Combine(folder.Path, record.FolderOf(record.Best), RunStore.ModelFile)))
        {
            Assert.Equal(record.Refit.Test.MicroAccuracy, model.Metadata.Metrics["test.microAccuracy"], 1e-9);
        }

        var vote = record.Ensemble!;
        Assert.True(vote.Validation >= record.Runs[0].Validation!.MicroAccuracy);
        Assert.Equal(vote.Weights.Values.Count(weight => weight > 0) > 1, vote.ModelFile is not null);
        if (vote.ModelFile is { } file)
        {
            using var model = ImageModel.Load(Path.Combine(folder.Path, file));
            var test = datasets.Own.Test!;
            Assert.Equal(vote.Test!.Value, ClassificationEvaluator.Evaluate(test.Labels, ModelScores.Of(model, test), 10).MicroAccuracy, 0.0051);
            Assert.Equal(vote.Weights.Where(member => member.Value > 0), model.Metadata.Members!.ToDictionary(member => member.Name, member => member.Weight));
        }

        Assert.Equal(record.Trials.Select(trial => trial.Loss), SweepStore.Load(folder.Path).Trials.Select(trial => trial.Loss));

        await using var report = await browser.Open(ReportModel.ForSweep(record));
        await report.DrawVisible();
        Assert.Empty(report.Complaints);
        Assert.Equal(4, await report.Page.Locator("#search .plot[data-drawn]").CountAsync());
        Assert.Contains("Networks and modes", await report.Page.Locator("#search").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("All 10 trials", await report.Page.Locator("#search").TextContentAsync(), StringComparison.Ordinal);
    }
}
