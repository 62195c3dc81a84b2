using MLNetCnn.Data;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>What a change of settings did to one network: of runs that share it, the settings that differ beside the accuracies.</summary>
internal sealed class EffectsSection : ISection
{
    // What a run is, not what it was given.
    private static readonly string[] Names = ["arch", "seed"];

    public string Id => "effects";

    public string Title => "What settings did";

    // A sweep has its own section of what mattered.
    public Html Render(ReportModel model) => model.Sweep is not null ? Html.Empty : Html.Join(
        model.Runs.Where(run => run.IsFinished()).GroupBy(run => (run.Architecture, run.Dataset.Name)).Where(runs => runs.Count() > 1)
            .Select(runs => OfNetwork($"{runs.Key.Architecture} on {runs.Key.Name}", [.. runs])));

    private static Html OfNetwork(string network, RunRecord[] runs)
    {
        var differing = runs.SelectMany(run => run.Settings.Keys).Distinct(StringComparer.Ordinal).Except(Names)
            .Where(name => runs.Select(run => run.Settings.GetValueOrDefault(name)).Distinct().Count() > 1).Order(StringComparer.Ordinal).ToArray();
        if (differing.Length == 0)
        {
            return Html.Empty;
        }

        var isPublished = runs.Any(run => run.Published?.On(DatasetSplit.Test) is not null);
        return Html.Of($"""
            <h3>{network}, {Show.Count(runs.Max(run => run.ParameterCount))} parameters</h3>
            {Parts.Table(new(
                ["Run", .. differing, "Training, %", "Validation, %", "Test, %", .. isPublished ? ["Test, published, %"] : Array.Empty<string>()],
                [.. runs.Select(run => (IReadOnlyList<string>)
                [
                    run.Name, .. differing.Select(name => run.Settings.GetValueOrDefault(name) ?? Show.Nothing),
                    .. new[] { DatasetSplit.Train, DatasetSplit.Validation, DatasetSplit.Test }.Select(part => Show.Percent(run.Accuracy(part)?.Mean)),
                    .. isPublished ? [Show.Percent(run.Published?.On(DatasetSplit.Test))] : Array.Empty<string>(),
                ])],
                TextColumns: differing.Length + 1))}
            """);
    }
}
