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
