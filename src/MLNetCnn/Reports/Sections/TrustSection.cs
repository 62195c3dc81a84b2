using System.Globalization;

using MLNetCnn.Reports.Figures;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>How far the winner's probabilities can be trusted, and what that is good for; empty where nothing is known of it.</summary>
internal sealed class TrustSection : ISection
{
    public string Id => "trust";

    public string Title => "Trust";

    public Html Render(ReportModel model)
    {
        if (model.Verdict.Winner is not { } winner || model.Runs[winner] is not { } run || (run.Calibration is null && run.Coverage.Count == 0))
        {
            return Html.Empty;
        }

        return Html.Of($"""
            {Calibration(run)}
            {Slider(run)}
            <div class="charts">{(run.Calibration is { } calibration ? Parts.Chart(Reliability.Of(run, calibration)) : Html.Empty)}{(run.Coverage.Count > 0 ? Parts.Chart(Coverage.Of(run, run.Coverage)) : Html.Empty)}</div>
            """);
    }

    private static Html Calibration(RunRecord run) => run.Calibration is not { } calibration ? Html.Empty : Html.Of($"""
        <p>The logits of <bdi>{run.Name}</bdi> are divided by {Show.Fixed(calibration.Temperature, 3)} in its model file, a temperature found on the validation images: it changes no answer, and how sure the answers are. On the test images the expected calibration error went from {Show.Percent(calibration.Before.Expected)} to {Show.Percent(calibration.After.Expected)} %.</p>
        """);

    // The script moves the numbers; without it they stand for no threshold, and the chart's table has the others.
    private static Html Slider(RunRecord run) => run.Coverage is not [var whole, ..] ? Html.Empty : Html.Of($"""
        <div class="coverage" data-answered="{string.Join(' ', run.Coverage.Select(point => point.Answered.ToString(CultureInfo.InvariantCulture)))}" data-right="{string.Join(' ', run.Coverage.Select(point => point.Right.ToString(CultureInfo.InvariantCulture)))}">
        <label>Leave images to a person below a confidence of <input type="range" min="0" max="{run.Coverage.Count - 1}" value="0" step="1"> <b class="threshold">0 %</b></label>
        <output>answers <b class="answered">{Show.Percent(1)} %</b> of the test images, <b class="right">{Show.Percent(whole.Accuracy)} %</b> of them right; <span class="wrong">{whole.Answered - whole.Right}</span> wrong answers are given</output>
        </div>
        """);
}
