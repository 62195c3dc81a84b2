using MLNetCnn.Reports.Figures;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>The pieces that sections are put together from.</summary>
internal static class Parts
{
    private const int SmallPicture = 64;

    /// <summary>A chart: caption, drawing place, the figure for the script, the data as a table.</summary>
    public static Html Chart(Chart chart, string style = "") => Html.Of($"""
        <figure class="chart {style}">
        <figcaption>{chart.Caption}</figcaption>
        <div class="plot" role="img" aria-label="{chart.Caption}; the table below has the data" style="height:{chart.Figure.Layout.Height}px"></div>
        <script type="application/json" class="figure">{ReportJson.Of(chart.Figure)}</script>
        <details class="data"><summary>Data</summary>{Table(chart.Data)}</details>
        </figure>

        """);

    /// <summary>A table that scrolls sideways in its own frame where the page is too narrow for it.</summary>
    public static Html Table(DataTable table) => Html.Of($"""
        <div class="scroll" tabindex="0" role="region" aria-label="table"><table>
        <thead><tr>{table.Headers.Select((header, i) => i < table.TextColumns
            ? Html.Of($"<th scope=\"col\">{header}</th>")
            : Html.Of($"<th scope=\"col\" class=\"number\">{header}</th>"))}</tr></thead>
        <tbody>{table.Rows.Select(row => Row(row, table.TextColumns))}</tbody>
        </table></div>
        """);

    /// <summary>Names with their values.</summary>
    public static Html Facts(IEnumerable<(string Name, Html Value)> facts) => Html.Of($"""
        <dl class="facts">{facts.Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"))}</dl>
        """);

    /// <summary>Code or a command with a button that copies it.</summary>
    public static Html Code(string caption, string code) => Html.Of($"""
        <div class="code"><div class="code-head"><span>{caption}</span><button type="button" class="copy">Copy</button></div><pre tabindex="0"><code>{code}</code></pre></div>

        """);

    /// <summary>The command that repeats a run; nothing where none does.</summary>
    public static Html Command(string caption, RunRecord run) => run.Provenance.Command.Length == 0 ? Html.Empty : Code(caption, run.Provenance.Command);

    /// <summary>A picture of the data, with small ones enlarged pixel by pixel.</summary>
    public static Html Picture(ExampleImage example, DatasetSummary data, string description) => Html.Of($"""
        <img class="{(Math.Max(data.Width, data.Height) < SmallPicture ? "picture pixels" : "picture")}" src="data:{example.MediaType};base64,{Convert.ToBase64String(example.Image)}" alt="{description}" loading="lazy">
        """);

    /// <summary>Pictures that were named wrong, each with its name and what it is; a switch that shows what the network looked at works on it.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="data">The data that they are of.</param>
    /// <param name="isSmall">Whether they are small, and many.</param>
    public static Html Gallery(IEnumerable<ExampleImage> pictures, DatasetSummary data, bool isSmall = false) => Html.Of($"""
        <ul class="{(isSmall ? "gallery small" : "gallery")}">{pictures.Select(picture => Html.Of($"""
            <li data-truth="{picture.Label}" data-named="{picture.Predicted}">{Looked(picture, data)}<span class="named"><bdi>{picture.Predicted}</bdi>{(isSmall || picture.Probability is null ? Html.Empty : Html.Of($" <small>{Show.Percent(picture.Probability)} %</small>"))}</span><span class="quiet">is <bdi>{picture.Label}</bdi></span></li>

            """))}</ul>
        """);

    /// <summary>What a reader must know before comparing with the publication; empty where nothing was changed.</summary>
    public static Html ProfileNote(ReportModel model) => model.ProfileNote.Length == 0
        ? Html.Empty
        : Html.Of($"""<p class="callout" role="note"><strong>{ProfileName(model.Profile)}</strong> {model.ProfileNote}</p>""");

    /// <summary>The anchor of a run's curves.</summary>
    public static string RunAnchor(int index) => FormattableString.Invariant($"run-{index + 1}");

    private static Html Looked(ExampleImage picture, DatasetSummary data)
    {
        var plain = Picture(picture, data, $"{picture.Label}, named {picture.Predicted}");
        return picture.Attention is null ? plain : Html.Of($"""
            <div class="plain">{plain}</div><div class="attention">{Picture(picture with { Image = picture.Attention }, data, $"what the network looked at when it named this {picture.Label} {picture.Predicted}")}</div>
            """);
    }

    private static string ProfileName(string? profile) =>
        profile is { Length: > 0 } ? Show.Capital(profile) + " profile." : "Note.";

    private static Html Row(IReadOnlyList<string> cells, int textColumns) => Html.Of($"""
        <tr>{cells.Select((cell, i) => i == 0
            ? Html.Of($"<th scope=\"row\"><bdi>{cell}</bdi></th>")
            : i < textColumns ? Html.Of($"<td><bdi>{cell}</bdi></td>") : Html.Of($"<td class=\"number\">{cell}</td>"))}</tr>

        """);
}
