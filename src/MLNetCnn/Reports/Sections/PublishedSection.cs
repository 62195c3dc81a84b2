using MLNetCnn.Data;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>All that was published of every run, beside ours: each part of the data, and how far a network overfits.</summary>
internal sealed class PublishedSection : ISection
{
    private static readonly DatasetSplit[] InOrder = [DatasetSplit.Train, DatasetSplit.Validation, DatasetSplit.Test];

    public string Id => "published";

    public string Title => "Published and ours";

    public Html Render(ReportModel model)
    {
        var runs = model.Runs.Where(run => run.Published is not null).ToArray();
        var parts = InOrder.Where(part => runs.Any(run => Published(run, part) is not null)).ToArray();

        // One part alone is in the leaderboard.
        return parts.Length < 2 ? Html.Empty : Html.Of($"""
            {Parts.ProfileNote(model)}
            {Parts.Table(new(
                ["Run", .. parts.SelectMany(part => new[] { $"{Show.Capital(part.Text())}, published", "ours", "difference" }), "Overfit, published", "ours"],
                [.. runs.Select(run => (IReadOnlyList<string>)[run.Name, .. parts.SelectMany(part => Figures(run, part)), Show.Points(PublishedGap(run)), Show.Points(Gap(run))])]))}
            <p class="quiet">Accuracies in per cent, differences in percentage points. Overfit is the training accuracy less the test accuracy, or the validation accuracy where no test was published.</p>
            """);
    }

    private static string[] Figures(RunRecord run, DatasetSplit part)
    {
        var (published, ours) = (Published(run, part), run.Accuracy(part)?.Mean);
        return [Show.Percent(published), Show.Percent(ours), Show.Points(ours - published)];
    }

    private static double? Published(RunRecord run, DatasetSplit part) => run.Published?.On(part);

    private static double? PublishedGap(RunRecord run) => Published(run, DatasetSplit.Train) - Published(run, Tested(run));

    private static double? Gap(RunRecord run) => run.Accuracy(DatasetSplit.Train)?.Mean - run.Accuracy(Tested(run))?.Mean;

    private static DatasetSplit Tested(RunRecord run) => Published(run, DatasetSplit.Test) is null ? DatasetSplit.Validation : DatasetSplit.Test;
}
