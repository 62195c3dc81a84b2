using MLNetCnn.Reports.Figures;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>How the runs learned: all together, then each with its events.</summary>
internal sealed class CurvesSection : ISection
{
    public string Id => "curves";

    public string Title => "Curves";

    public Html Render(ReportModel model)
    {
        var trained = model.Runs.Count(run => run.History.Epochs.Count > 0);
        return Html.Of($"""
            {(trained > 1 ? Compared(model) : Html.Empty)}
            {(trained > 1 ? Html.Trusted("<p class=\"toolbar\"><button type=\"button\" class=\"open-all\" data-target=\"#curves details.run\">Open all runs</button></p>") : Html.Empty)}
            {model.Runs.Select((run, i) => Run(run, i, open: model.Runs.Count == 1 || i == model.Verdict.Winner))}
            """);
    }

    private static Html Compared(ReportModel model) => Html.Of($"""
        <p class="quiet">Validation where a run has validation images, else training; the winner's line is thick.</p>
        <div class="charts">{Parts.Chart(ComparedCurves.Accuracy(model.Runs, model.Verdict.Winner))}{Parts.Chart(ComparedCurves.Loss(model.Runs, model.Verdict.Winner))}</div>
        """);

    private static Html Run(RunRecord run, int index, bool open) => Html.Of($"""
        <details class="run card" id="{Parts.RunAnchor(index)}"{(open ? Html.Trusted(" open") : Html.Empty)}>
        <summary><bdi>{run.Name}</bdi> <span class="quiet">{Line(run)}</span></summary>
        {(run.Description.Length > 0 ? Html.Of($"<p>{run.Description}</p>") : Html.Empty)}
        {(run.Reason is { } reason ? Html.Of($"<p class=\"callout\">{reason}</p>") : Html.Empty)}
        {(run.History.Epochs.Count > 0 ? Html.Of($"""<div class="charts">{Parts.Chart(AccuracyCurves.Of(run))}{Parts.Chart(LossCurves.Of(run))}</div>""") : Html.Empty)}
        {(run.History.LearningRateSweep is { Rates.Count: > 0 } sweep ? Parts.Chart(LearningRateCurve.Of(run, sweep)) : Html.Empty)}
        {(run.History.Untrained is { } untrained ? Html.Of($"<p class=\"quiet\">Before training, the head on the pretrained backbone named {Show.Percent(untrained.ValidationAccuracy)} % of the validation images right.</p>") : Html.Empty)}
        {Events(run)}
        </details>

        """);

    private static string Line(RunRecord run)
    {
        var epochs = run.History.Epochs.Count;
        return epochs == 0
            ? run.Status.Text()
            : $"{Show.Plural(epochs, "epoch")}, {Show.Seconds(run.TrainSeconds / epochs)} each" +
                (run.History.BestEpoch > 0 ? $", best {run.History.BestEpoch}" : "");
    }

    private static Html Events(RunRecord run) => run.History.Events.Count == 0 ? Html.Empty : Html.Of($"""
        <ul class="events">{run.History.Events.Select(e => Html.Of($"<li><span class=\"quiet\">epoch {e.Epoch}</span> {e.Detail}</li>"))}</ul>
        """);
}
