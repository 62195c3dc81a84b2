using System.Globalization;
using MLNetCnn.Reports;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Reports;

public sealed class ReportFileTests
{
    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    public void A_report_has_the_same_bytes_under_every_culture(string culture)
    {
        using var folder = new TemporaryFolder();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            HtmlReport.Write(ReportModel.ForStudy(SampleStudy.Create()), folder["invariant.html"]);
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            HtmlReport.Write(ReportModel.ForStudy(SampleStudy.Create()), folder["other.html"]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.True(File.ReadAllBytes(folder["invariant.html"]).AsSpan().SequenceEqual(File.ReadAllBytes(folder["other.html"])));
        Assert.Equal(["invariant.html", "other.html"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_report_names_the_weights_that_runs_began_with_and_their_checksums()
    {
        using var folder = new TemporaryFolder();
        var (one, other) = (SampleStudy.Run("one", 0.8, null, 1_000, 1), SampleStudy.Run("other", 0.7, null, 1_000, 1));
        var page = folder["report.html"];

        HtmlReport.Write(ReportModel.Compare([one with { Provenance = one.Provenance with { Weights = "resnet50-imagenet 0a1b2c" } }, other]), page);

        Assert.Contains("<code class=\"hash\">resnet50-imagenet 0a1b2c</code>", File.ReadAllText(page), StringComparison.Ordinal);
        HtmlReport.Write(ReportModel.ForRun(other), page);
        Assert.DoesNotContain(">Weights<", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void The_verdict_of_a_sweep_tells_what_its_vote_reaches_and_costs()
    {
        using var folder = new TemporaryFolder();
        var sweep = SampleSweep.Create(trials: 9, [SampleStudy.Run("trial-6", 0.8, null, 1_000, 1), SampleStudy.Run("trial-3", 0.7, null, 1_000, 1)]);
        var shares = new Dictionary<string, double> { ["trial-6"] = 0.75, ["trial-3"] = 0.25 };

        HtmlReport.Write(ReportModel.ForSweep(sweep with { Ensemble = new(shares, 0.81) { ModelFile = "ensemble.zip", Test = 0.8125, Latency = new(12.34, 13), ModelBytes = 5_000_000 } }), folder["vote.html"]);
        HtmlReport.Write(ReportModel.ForSweep(sweep with { Ensemble = new(shares.ToDictionary(share => share.Key, share => share.Key == "trial-6" ? 1.0 : 0), 0.8) }), folder["alone.html"]);

        Assert.Contains("<strong>The vote</strong> of 2 finalists as one model, <code>ensemble.zip</code>, names <strong>81.25&nbsp;%</strong> of the test images right; it takes 12.3&nbsp;ms an image and 5.00 MB.", File.ReadAllText(folder["vote.html"]), StringComparison.Ordinal);
        Assert.DoesNotContain("<strong>The vote</strong>", File.ReadAllText(folder["alone.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_tells_which_networks_it_could_not_search()
    {
        using var folder = new TemporaryFolder();
        var sweep = SampleSweep.Create(trials: 9, [SampleStudy.Run("trial-6", 0.8, null, 1_000, 1)]);

        HtmlReport.Write(ReportModel.ForSweep(sweep with { MissingBackbones = new Dictionary<string, string> { ["resnet-50"] = "no network <here>" } }), folder["report.html"]);

        Assert.Contains("<bdi>resnet-50</bdi> was not searched: no network &lt;here&gt;", File.ReadAllText(folder["report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_cannot_be_written_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["report.html"]);

        Assert.ThrowsAny<Exception>(() => HtmlReport.Write(ReportModel.ForRun(SampleStudy.NotRun("a")), folder["report.html"]));

        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
