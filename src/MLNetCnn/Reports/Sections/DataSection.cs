using MLNetCnn.Data;
using MLNetCnn.Reports.Figures;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>What the runs learned from: counts, licence, citation, fingerprint.</summary>
internal sealed class DataSection : ISection
{
    public string Id => "data";

    public string Title => "Data";

    public Html Render(ReportModel model) => Html.Join(model.Datasets.Select(data => Html.Of($"""
        <article class="data-set">
        <div class="card">
        <h3><bdi>{data.Name}</bdi></h3>
        <p>{data.Description}</p>
        {Parts.Facts(FactsOf(data))}
        {LeftOut(data)}
        </div>
        {Parts.Chart(ClassCounts.Of(data))}
        {(data.Audit is { } audit ? Audit(audit, data.TrainCounts.Concat(data.ValidationCounts).Concat(data.TestCounts).Sum(count => (long)count)) : Html.Empty)}
        </article>
        """)));

    private static Html LeftOut(DatasetSummary data) => data.Problems.Count == 0 ? Html.Empty : Html.Of($"""
        <details><summary>{(data.LeftOut > 0 ? $"{Show.Plural(data.LeftOut, "file or image", "files and images")} left out" : Show.Plural(data.Problems.Count, "remark"))}</summary>
        <ul class="events">{data.Problems.Select(problem => Html.Of($"<li>{problem}</li>"))}</ul></details>
        """);

    private static Html Audit(DataAudit audit, long images) => Html.Of($"""
        <div class="card">
        <h3>Audit of {Show.Count(audit.Images)} images{(audit.Images > images ? ", these among them" : "")}</h3>
        {(audit.Findings.Count == 0 ? Html.Trusted("<p>Nothing was found: no duplicates, no dark, blurred or tiny images, no unbalanced classes.</p>") : Html.Empty)}
        {audit.Findings.Select(Finding)}
        </div>
        """);

    private static Html Finding(AuditFinding finding) => Html.Of($"""
        <details><summary>{Show.Count(finding.Count)} × {Words(finding.Kind)} <span class="quiet">{finding.Rule}</span></summary>
        <ul class="events">{finding.Examples.Select(example => Html.Of($"<li><bdi>{example}</bdi></li>"))}</ul></details>
        """);

    private static string Words(AuditKind kind) => kind switch
    {
        AuditKind.LeftOut => "left out",
        AuditKind.Damaged => "damaged, in part lost",
        AuditKind.DuplicatesAcrossSplits => "the same image in two splits",
        AuditKind.DuplicatesWithinSplit => "the same image twice in a split",
        AuditKind.DuplicatesAcrossClasses => "the same image in two classes",
        AuditKind.NearDuplicatesAcrossSplits => "images that look alike in two splits",
        AuditKind.NearDuplicatesWithinSplit => "images that look alike in a split",
        AuditKind.Dark => "very dark",
        AuditKind.Blank => "nearly one colour",
        AuditKind.Blurred => "blurred",
        AuditKind.Tiny => "much smaller before",
        AuditKind.Imbalance => "class with few images",
        _ => "class names that differ little",
    };

    private static IEnumerable<(string Name, Html Value)> FactsOf(DatasetSummary data)
    {
        yield return ("Classes", Html.Of($"{data.Classes.Count}"));
        yield return ("Images", Html.Of($"{Splits(data)}"));
        yield return ("Size", Html.Of($"{data.Height} × {data.Width}, {(data.Channels == 1 ? "grey" : "RGB")}"));
        yield return ("Licence", Html.Of($"{data.Licence ?? "none stated by the source"}"));
        if (data.Citation is { } citation)
        {
            yield return ("Citation", Html.Of($"{citation}"));
        }

        yield return ("Fingerprint", Html.Of($"<code class=\"hash\">{data.Fingerprint}</code>"));
    }

    private static string Splits(DatasetSummary data)
    {
        (string Name, IReadOnlyList<int> Counts)[] splits =
            [("training", data.TrainCounts), ("validation", data.ValidationCounts), ("test", data.TestCounts)];
        return string.Join(", ", splits
            .Where(split => split.Counts.Count > 0)
            .Select(split => $"{Show.Count(split.Counts.Sum(count => (long)count))} {split.Name}"));
    }
}
