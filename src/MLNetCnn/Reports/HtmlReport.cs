using MLNetCnn.Reports.Markup;
using MLNetCnn.Reports.Sections;

namespace MLNetCnn.Reports;

/// <summary>
/// Writes a report as one HTML file that needs nothing else: style, script, plotly.js and pictures stand in it, and its content
/// security policy forbids every request. The same model gives the same bytes under every culture.
/// </summary>
public static class HtmlReport
{
    private static readonly ISection[] Sections =
    [
        new VerdictSection(),
        new LeaderboardSection(),
        new PublishedSection(),
        new EffectsSection(),
        new SearchSection(),
        new CurvesSection(),
        new ErrorsSection(),
        new AgreementSection(),
        new TrustSection(),
        new QuantizationSection(),
        new SamplesSection(),
        new NetworksSection(),
        new DataSection(),
        new SettingsSection(),
        new ProvenanceSection(),
    ];

    /// <summary>Writes <paramref name="model"/> to <paramref name="path"/> (UTF-8), beside it first and then renamed into place.</summary>
    /// <exception cref="IOException">The folder is missing or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow writing.</exception>
    public static void Write(ReportModel model, string path) => AtomicFile.Write(path, Render(model));

    private static string Render(ReportModel model)
    {
        var sections = Sections
            .Select(section => (section.Id, section.Title, Content: section.Render(model)))
            .Where(section => !string.IsNullOrWhiteSpace(section.Content.ToString()))
            .ToArray();
        return Html.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{model.Title}</title>
            <link rel="icon" href="data:,">
            <style>{Asset("report.css")}</style>
            </head>
            <body>
            <a class="skip" href="#verdict">Skip to the verdict</a>
            <nav aria-label="Sections"><div class="links">{sections.Select(section => Html.Of($"""<a href="#{section.Id}">{section.Title}</a>"""))}</div><button type="button" id="theme" aria-label="Switch between light and dark">◐</button></nav>
            <main>
            <header>
            <p class="eyebrow">{Kind(model)}</p>
            <h1><bdi>{model.Title}</bdi></h1>
            {(model.Description.Length > 0 ? Html.Of($"<p class=\"lead\">{model.Description}</p>") : Html.Empty)}
            </header>
            {sections.Select(section => Html.Of($"""
                <section id="{section.Id}" aria-labelledby="{section.Id}-title">
                <h2 id="{section.Id}-title">{section.Title}</h2>
                {section.Content}
                </section>

                """))}
            </main>
            <noscript><p class="callout">The charts need JavaScript; every chart has its data in a table.</p></noscript>
            <script type="application/json" id="report-data">{ReportJson.Of(model)}</script>
            <script>{Asset("plotly.js")}</script>
            <script>{Asset("report.js")}</script>
            </body>
            </html>

            """).ToString();
    }

    private static string Kind(ReportModel model)
    {
        var kind = model.Kind switch
        {
            ReportKind.Run => "Training run",
            ReportKind.Sweep => "Sweep",
            ReportKind.Study => $"Study rerun, {model.Profile} profile",
            _ => "Comparison",
        };
        return $"{kind} · {Show.Moment(model.Runs.Max(run => run.Provenance.StartedAt))}";
    }

    private static Html Asset(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("MLNetCnn.Reports." + name)!;
        using var reader = new StreamReader(stream);
        return Html.Trusted(reader.ReadToEnd());
    }
}
