using System.Globalization;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>When, where and with what the runs were made, and the command that repeats each.</summary>
internal sealed class ProvenanceSection : ISection
{
    public string Id => "provenance";

    public string Title => "Provenance";

    public Html Render(ReportModel model)
    {
        var provenances = model.Runs.Select(run => run.Provenance).ToArray();
        return Html.Of($"""
            {Parts.Facts(
            [
                One("Product", provenances, p => p.Commit),
                One("Hardware", provenances, p => p.Hardware),
                One("Device", provenances, p => p.Device),
                One("Threads", provenances, p => p.Threads.ToString(CultureInfo.InvariantCulture)),
                .. Libraries(provenances),
                .. Weights(provenances),
            ])}
            {Parts.Table(new(
                ["Run", "Started", "Seed", "Total", "Training", "Evaluation", "Peak memory"],
                [.. model.Runs.Select(run => (IReadOnlyList<string>)
                [
                    run.Name,
                    Show.Moment(run.Provenance.StartedAt),
                    run.Seed.ToString(CultureInfo.InvariantCulture),
                    Time(run.Seconds),
                    Time(run.TrainSeconds),
                    Time(run.EvaluateSeconds),
                    run.PeakMemoryBytes > 0 ? Show.Bytes(run.PeakMemoryBytes) : Show.Nothing,
                ])],
                TextColumns: 2))}
            <details class="data"><summary>Commands</summary>{model.Runs.Select(run => Parts.Command(run.Name, run))}</details>
            """);
    }

    private static string Time(double seconds) => seconds > 0 ? Show.Seconds(seconds) : Show.Nothing;

    private static IEnumerable<(string Name, Html Value)> Libraries(Provenance[] provenances) => provenances
        .SelectMany(p => p.Libraries.Keys).Distinct().Order(StringComparer.Ordinal)
        .Select(library => One(library, provenances, p => p.Libraries.GetValueOrDefault(library) ?? Show.Nothing));

    private static IEnumerable<(string Name, Html Value)> Weights(Provenance[] provenances)
    {
        var weights = provenances.Select(p => p.Weights).OfType<string>().Distinct().ToArray();
        return weights.Length == 0 ? [] : [("Weights", Html.Of($"{weights.Select(one => Html.Of($"<code class=\"hash\">{one}</code> "))}"))];
    }

    // Where the runs differ, all values are listed: a report of runs from several machines must say so.
    private static (string Name, Html Value) One<T>(string name, IReadOnlyList<T> items, Func<T, string> value) =>
        (name, Html.Of($"{string.Join("; ", items.Select(value).Distinct())}"));
}
