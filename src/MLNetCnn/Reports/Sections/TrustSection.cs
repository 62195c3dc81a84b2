using MLNetCnn.Reports.Figures;
using MLNetCnn.Reports.Markup;

namespace MLNetCnn.Reports.Sections;

/// <summary>How far the winner's probabilities can be trusted; empty where it was not calibrated.</summary>
internal sealed class TrustSection : ISection
{
    public string Id => "trust";

    public string Title => "Trust";

    public Html Render(ReportModel model)
    {
        if (model.Verdict.Winner is not { } winner || model.Runs[winner] is not { Calibration: { } calibration } run)
        {
            return Html.Empty;
        }

        return Html.Of($"""
            <p>The logits of <bdi>{run.Name}</bdi> are divided by {Show.Fixed(calibration.Temperature, 3)} in its model file, a temperature found on the validation images: it changes no answer, and how sure the answers are. On the test images the expected calibration error went from {Show.Percent(calibration.Before.Expected)} to {Show.Percent(calibration.After.Expected)} %.</p>
            {Parts.Chart(Reliability.Of(run, calibration))}
            """);
    }
}
