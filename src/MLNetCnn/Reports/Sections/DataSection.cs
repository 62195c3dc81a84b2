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
        </div>
        {Parts.Chart(ClassCounts.Of(data))}
        </article>
        """)));

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
