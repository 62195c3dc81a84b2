using MLNetCnn.Evaluation;
using MLNetCnn.Reports.Figures;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>Where one run at a time goes wrong: confusion matrix, most confused pairs, figures per class, its surest mistakes.</summary>
internal sealed class ErrorsSection : ISection
{
    private const int PairsShown = 12;

    public string Id => "errors";

    public string Title => "Errors";

    public Html Render(ReportModel model)
    {
        var runs = model.Runs.Index().Where(run => run.Item.ErrorPart() is not null).ToArray();
        if (runs.Length == 0)
        {
            return Html.Empty;
        }

        var first = runs.Any(run => run.Index == model.Verdict.Winner) ? model.Verdict.Winner!.Value : runs[0].Index;
        return Html.Of($"""
            {(model.PicturesLeftOut > 0 ? Html.Of($"""<p class="callout" role="note">{Show.Plural(model.PicturesLeftOut, "picture")} of mistakes were left out, to keep the page small; a report of fewer runs shows them.</p>""") : Html.Empty)}
            {(runs.Length > 1 ? Picker(runs, first) : Html.Empty)}
            {runs.Select(run => Panel(run.Item, run.Index, run.Index == first))}
            """);
    }

    private static Html Picker((int Index, RunRecord Item)[] runs, int first) => Html.Of($"""
        <div class="toolbar"><label>Run <select class="picker">
        {runs.Select(run => Html.Of($"""<option value="errors-{run.Index + 1}"{(run.Index == first ? Html.Trusted(" selected") : Html.Empty)}>{run.Item.Name}</option>"""))}
        </select></label></div>
        """);

    private static Html Panel(RunRecord run, int index, bool shown)
    {
        var part = run.ErrorPart()!.Value;
        var figures = run.On(part)!;
        var caption = $"Confusion matrix of {run.Name} on {Show.Plural(figures.Count, part.Text() + " image")}";
        return Html.Of($"""
            <div class="panel" id="errors-{index + 1}"{(shown ? Html.Empty : Html.Trusted(" hidden"))}>
            <div class="errors">
            {Parts.Chart(ConfusionMatrixHeatmap.Of(caption, run.Dataset.Classes, figures), "matrix")}
            <div class="beside">{Pairs(run, figures, index)}{PerClass(run.Dataset.Classes, figures)}</div>
            </div>
            {Confused(run, index)}
            {Mistakes(run)}
            </div>

            """);
    }

    private static Html Pairs(RunRecord run, ClassificationSummary figures, int index)
    {
        var classes = run.Dataset.Classes;
        var pairs = ConfusedPair.Of(figures.ConfusionMatrix, PairsShown)
            .Select(pair => Html.Of($"""
                <tr><th scope="row"><bdi>{classes[pair.Truth]}</bdi></th><td><bdi>{classes[pair.Named]}</bdi></td><td class="number">{Count(run, index, classes[pair.Truth], classes[pair.Named], pair.Count)}</td><td class="number">{Show.Percent((double)pair.Count / pair.Images)}</td></tr>

                """))
            .ToArray();
        return pairs.Length == 0
            ? Html.Of($"<h3>Most confused pairs</h3><p>None: every image was named right.</p>")
            : Html.Of($"""
                <h3>Most confused pairs</h3>
                <div class="scroll" tabindex="0" role="region" aria-label="most confused pairs"><table>
                <thead><tr><th scope="col">True class</th><th scope="col">Named</th><th scope="col" class="number">Images</th><th scope="col" class="number">% of class</th></tr></thead>
                <tbody>{pairs}</tbody></table></div>
                """);
    }

    // Opens the images of a cell, as a click into the matrix does.
    private static Html Count(RunRecord run, int index, string truth, string named, int count) => run.Confused.Any(image => image.Label == truth && image.Predicted == named)
        ? Html.Of($"""<button type="button" class="cell" data-panel="confused-{index + 1}" data-truth="{truth}" data-named="{named}">{Show.Count(count)}</button>""")
        : Html.Of($"{Show.Count(count)}");

    private static Html Confused(RunRecord run, int index) => run.Confused.Count == 0 ? Html.Empty : Html.Of($"""
        <details class="data confused" id="confused-{index + 1}"><summary>Images behind the matrix</summary>
        <p class="quiet" aria-live="polite"><span class="which">Up to eight of each pair, {run.Confused.Count} in all. Click a cell of the matrix, or a number of the table, for one pair.</span> <button type="button" class="all-cells" hidden>Show all</button></p>
        {Parts.Gallery(run.Confused, run.Dataset, isSmall: true)}
        </details>
        """);

    private static Html PerClass(IReadOnlyList<string> classes, ClassificationSummary figures) => Html.Of($"""
        <details class="data"><summary>Precision and recall per class</summary>{Parts.Table(new(
            ["Class", "Precision, %", "Recall, %", "Images"],
            [.. classes.Select((label, i) => (IReadOnlyList<string>)
                [label, Show.Percent(figures.Precision[i]), Show.Percent(figures.Recall[i]), Show.Count(figures.ConfusionMatrix[i].Sum())])]))}</details>
        """);

    private static Html Mistakes(RunRecord run) => run.Mistakes.Count == 0 ? Html.Empty : Html.Of($"""
        <div class="mistakes">
        <h3>Surest mistakes</h3>
        {(run.Mistakes.Any(image => image.Attention is not null) ? AttentionSwitch : Html.Empty)}
        {Parts.Gallery(run.Mistakes, run.Dataset)}
        </div>
        """);

    private static Html AttentionSwitch => Html.Of($"""
        <div class="toolbar"><button type="button" class="look" aria-pressed="false" hidden>Show what the network looked at</button></div>
        <p class="attention-note">Colour marks what spoke for the class that was named, from violet (a little) to yellow (the most): Grad-CAM, Selvaraju et al. 2017.</p>
        """);
}
