using MLNetCnn.Reports.Figures;
using MLNetCnn.Reports.Markup;

namespace MLNetCnn.Reports.Sections;

/// <summary>Where runs differ and where all fail; empty where no two runs were tested on the same images.</summary>
internal sealed class AgreementSection : ISection
{
    private const int MostBesideOthers = 8;

    public string Id => "agreement";

    public string Title => "Disagreement";

    public Html Render(ReportModel model)
    {
        if (model.Agreement is not { } agreement)
        {
            return Html.Empty;
        }

        return Html.Of($"""
            <p>Of {Show.Plural(agreement.Images, "test image")}, the best single run names {Show.Percent(agreement.Best)} % right. At least one of the {agreement.Runs.Count} names {Show.Percent(agreement.Oracle)} % right: no way of combining their answers reaches more. Runs whose mistakes are little correlated gain most from an ensemble.</p>
            <div class="charts">{Parts.Chart(AgreementHeatmap.Of(model, agreement), agreement.Runs.Count > MostBesideOthers ? "wide" : "")}</div>
            {Missed(model, agreement)}
            """);
    }

    private static Html Missed(ReportModel model, Agreement agreement) => agreement.MissedByAll == 0
        ? Html.Of($"<p>Every test image is named right by one run at least.</p>")
        : Html.Of($"""
            <h3>Missed by every run</h3>
            <p class="quiet">{Show.Plural(agreement.MissedByAll, "image")}{(agreement.Missed.Count < agreement.MissedByAll ? $", {agreement.Missed.Count} of them shown" : "")}. Look here for wrong labels first.</p>
            {Parts.Gallery(agreement.Missed, model.Runs[agreement.Runs[0]].Dataset)}
            """);
}
