using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>A few training images of each class.</summary>
internal sealed class SamplesSection : ISection
{
    private const int MostAcross = 8;

    public string Id => "samples";

    public string Title => "Samples";

    public Html Render(ReportModel model)
    {
        var shown = model.Datasets.Where(data => data.Samples.Count > 0).ToArray();
        return Html.Join(shown.Select(data => Html.Of($"""
            {(shown.Length > 1 ? Html.Of($"<h3>{data.Name}</h3>") : Html.Empty)}
            {(Labels(data) < data.Classes.Count ? Html.Of($"<p>Of {Labels(data)} of the {Show.Count(data.Classes.Count)} classes.</p>") : Html.Empty)}
            <div class="samples">{data.Classes.Select(label => Class(data, label, Across(data)))}</div>
            """)));
    }

    private static int Labels(DatasetSummary data) => data.Samples.DistinctBy(sample => sample.Label).Count();

    // As many of every class, so that pictures of all are of one size.
    private static int Across(DatasetSummary data) => Math.Min(data.Samples.CountBy(sample => sample.Label).Max(label => label.Value), MostAcross);

    private static Html Class(DatasetSummary data, string label, int across)
    {
        var images = data.Samples.Where(sample => sample.Label == label).ToArray();
        return images.Length == 0 ? Html.Empty : Html.Of($"""
            <div class="sample"><h4><bdi>{label}</bdi></h4><div class="row" style="--across:{across}">{images.Select(image => Parts.Picture(image, data, label))}</div></div>

            """);
    }
}
