using System.Text.RegularExpressions;
using MLNetCnn.Reports;
using MLNetCnn.Reports.Sections;
using MLNetCnn.Runs;

namespace MLNetCnn.Tests.Reports;

/// <summary>What a study is made for: published beside ours, and what settings did.</summary>
public sealed class StudySectionTests
{
    [Fact]
    public void Every_published_part_stands_beside_ours_with_its_difference_and_overfit()
    {
        var run = SampleStudy.Run("convNN_1", 0.8391, 0.8426, 542_230, 11.2) with { Published = new(0.90, 0.85, 0.8426, 542_230, null) };
        var (train, validation, test) = (run.Train!.MicroAccuracy, run.Validation!.MicroAccuracy, run.Test!.MicroAccuracy);
        var row = Assert.Single(Rows(new PublishedSection(), run, SampleStudy.Run("ours", 0.9, null, 1_000, 1) with { Published = null }));

        Assert.Equal(
            [
                "convNN_1", "90.00", Percent(train), Points(train - 0.90), "85.00", Percent(validation), Points(validation - 0.85),
                "84.26", Percent(test), Points(test - 0.8426), "+5.74", Points(train - test),
            ],
            row);
        Assert.Empty(Rows(new PublishedSection(), SampleStudy.Run("convNN_1", 0.8391, 0.8426, 542_230, 11.2)));
    }

    [Fact]
    public void Of_one_network_the_settings_that_differ_stand_beside_what_they_did()
    {
        var slow = SampleStudy.Run("net_1", 0.80, 0.81, 500, 1) with { Settings = new Dictionary<string, string> { ["arch"] = "net", ["batchSize"] = "32", ["optimizer.kind"] = "sgd", ["epoch"] = "5" } };
        var fast = SampleStudy.Run("net_2", 0.85, null, 500, 1) with { Settings = new Dictionary<string, string> { ["arch"] = "net", ["batchSize"] = "128", ["optimizer.kind"] = "adam", ["epoch"] = "5" } };
        var other = SampleStudy.Run("lonely_1", 0.70, 0.71, 900, 1);

        Assert.Equal(
            [
                ["net_1", "32", "sgd", Percent(slow.Train!.MicroAccuracy), Percent(slow.Validation!.MicroAccuracy), Percent(slow.Test!.MicroAccuracy), "81.00"],
                ["net_2", "128", "adam", Percent(fast.Train!.MicroAccuracy), Percent(fast.Validation!.MicroAccuracy), Percent(fast.Test!.MicroAccuracy), "–"],
            ],
            Rows(new EffectsSection(), slow, other, fast));
    }

    private static string[][] Rows(ISection section, params RunRecord[] runs)
    {
        var html = section.Render(ReportModel.ForStudy(SampleStudy.Create() with { Runs = runs })).ToString();
        var body = Regex.Match(html, "<tbody>(.*)</tbody>", RegexOptions.Singleline).Groups[1].Value;
        return [.. Regex.Matches(body, "<tr>(.*?)</tr>", RegexOptions.Singleline)
            .Select(row => Regex.Matches(row.Groups[1].Value, "<t[hd][^>]*>(.*?)</t[hd]>").Select(cell => Regex.Replace(cell.Groups[1].Value, "<[^>]*>", "")).ToArray())];
    }

    private static string Percent(double share) => FormattableString.Invariant($"{100 * share:F2}");

    private static string Points(double difference) => (difference > 0 ? "+" : "\u2212") + Percent(Math.Abs(difference));
}
