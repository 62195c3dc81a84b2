using System.Globalization;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>Every setting as it was applied: first what differs between the runs, then what all share.</summary>
internal sealed class SettingsSection : ISection
{
    public string Id => "settings";

    public string Title => "Settings";

    public Html Render(ReportModel model)
    {
        var settings = model.Runs.Select(run => new Dictionary<string, string>(run.Settings)
        {
            ["seed"] = run.Seed.ToString(CultureInfo.InvariantCulture),
        }).ToArray();
        var names = settings.SelectMany(run => run.Keys).Distinct().Order(StringComparer.Ordinal);
        var groups = names.ToLookup(name => settings.Select(run => run.GetValueOrDefault(name)).Distinct().Count() > 1);
        var differing = groups[true].ToArray();
        var shared = groups[false].Select(name => (name, Html.Of($"{settings[0][name]}"))).ToArray();
        return Html.Of($"""
            {(differing.Length == 0 ? Html.Empty : Differing(model.Runs, settings, differing))}
            {(shared.Length == 0 ? Html.Empty : Html.Of($"""{(model.Runs.Count > 1 ? Html.Trusted("<h3>The same in every run</h3>") : Html.Empty)}{Parts.Facts(shared)}"""))}
            """);
    }

    private static Html Differing(
        IReadOnlyList<RunRecord> runs, Dictionary<string, string>[] settings, string[] names) => Html.Of($"""
        <h3>What differs</h3>
        {Parts.Table(new(
            ["Run", .. names],
            [.. runs.Select((run, i) => (IReadOnlyList<string>)
                [run.Name, .. names.Select(name => settings[i].GetValueOrDefault(name) ?? Show.Nothing)])],
            TextColumns: names.Length + 1))}
        """);
}
