using MLNetCnn.Evaluation;
using MLNetCnn.Reports;
using MLNetCnn.Runs;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Reports;

public sealed class PictureBudgetTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const int Budget = 15_000_000;

    [Fact]
    public void A_report_of_many_runs_with_many_photos_stays_within_its_size_and_says_what_it_left_out()
    {
        using var folder = new TemporaryFolder();
        var run = WithPhotos("run", photos: 200);

        HtmlReport.Write(ReportModel.Compare([.. Enumerable.Range(0, 20).Select(i => run with { Name = $"run {i}" })]), folder["many.html"]);
        HtmlReport.Write(ReportModel.Compare([run, run with { Name = "other" }]), folder["few.html"]);

        Assert.InRange(new FileInfo(folder["many.html"]).Length, 8_000_000, Budget);
        Assert.Contains("pictures of mistakes were left out", File.ReadAllText(folder["many.html"]), StringComparison.Ordinal);
        Assert.DoesNotContain("were left out, to keep the page small", File.ReadAllText(folder["few.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_of_a_thousand_classes_stays_within_its_size_and_shows_those_with_the_most_mistakes()
    {
        const int Classes = 1000, Images = 2000;
        int[] labels = [.. Enumerable.Range(0, Images).Select(i => i % Classes)];
        var probabilities = new float[Images * Classes];
        for (var i = 0; i < Images; i++)
        {
            // Classes from 900 on are taken for the one before.
            probabilities[(i * Classes) + (labels[i] >= 900 ? labels[i] - 1 : labels[i])] = 1;
        }

        var sample = SampleStudy.Run("many", 0.8, null, 1_000, 1);
        string[] names = [.. Enumerable.Range(0, Classes).Select(i => $"class {i}")];
        var run = sample with
        {
            Dataset = sample.Dataset with { Classes = names, TrainCounts = [.. Enumerable.Repeat(5, Classes)], ValidationCounts = [], TestCounts = [.. Enumerable.Repeat(5, Classes)] },
            Train = null,
            Validation = null,
            Test = ClassificationSummary.Of(labels, probabilities, Classes),
            Confused = [],
            Mistakes = [],
        };
        using var folder = new TemporaryFolder();
        RunStore.Save(run, folder.Path);
        Assert.InRange(new FileInfo(folder[RunStore.RecordFile]).Length, 2_000_000, 5_000_000);
        Assert.Equal(run.Test.ConfusionMatrix.SelectMany(row => row), RunStore.Load(folder.Path).Test!.ConfusionMatrix.SelectMany(row => row));
        var model = ReportModel.ForRun(run);
        HtmlReport.Write(model, folder["report.html"]);
        Assert.InRange(new FileInfo(folder["report.html"]).Length, 4_000_000, Budget);

        await using var report = await browser.Open(model);
        await report.DrawVisible();
        Assert.Empty(report.Complaints);
        var errors = await report.Page.Locator("#errors").TextContentAsync();
        Assert.Contains("the 150 of 1000 classes with the most mistakes", errors, StringComparison.Ordinal);
        Assert.Equal(100, await report.Page.Locator("#errors table").First.Locator("tbody tr").CountAsync());
    }

    // Processor time of the page's thread: a neighbour on the machine is not the page's fault.
    [Fact]
    public async Task A_sweep_of_100_trials_opens_within_two_seconds()
    {
        await using var report = await browser.Open(ReportModel.ForSweep(SampleSweep.Create(trials: 100, [WithPhotos("trial-3", 200), WithPhotos("trial-7", 200), WithPhotos("trial-8", 200)])));
        var protocol = await report.Page.Context.NewCDPSessionAsync(report.Page);
        await protocol.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });

        await report.Page.ReloadAsync();

        var metrics = (await protocol.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble());
        Assert.InRange(metrics["TaskDuration"], 0.05, 2);
        Assert.Empty(report.Complaints);
    }

    private static RunRecord WithPhotos(string name, int photos)
    {
        var run = SampleStudy.Run(name, 0.8, null, 1_000, 1);
        var photo = new byte[4_000];
        new Random(1).NextBytes(photo);
        (photo[0], photo[1]) = (0xff, 0xd8);
        return run with { Confused = [.. Enumerable.Repeat(run.Confused[0] with { Image = photo }, photos)] };
    }
}
