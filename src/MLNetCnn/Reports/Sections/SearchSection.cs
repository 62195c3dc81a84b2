using System.Globalization;

using MLNetCnn.AutoML;
using MLNetCnn.Reports.Figures;
using MLNetCnn.Reports.Markup;

namespace MLNetCnn.Reports.Sections;

/// <summary>What a sweep tried, what that cost, and what it tells about the parameters; empty elsewhere.</summary>
internal sealed class SearchSection : ISection
{
    // What the time of a trial depends on most.
    private static readonly string[] Costly = [SearchStage.Choice, "arch", "imageSize", "transfer.unfreezeFrom"];

    public string Id => "search";

    public string Title => "Search";

    public Html Render(ReportModel model)
    {
        if (model.Sweep is not { } sweep)
        {
            return Html.Empty;
        }

        var importances = ParameterImportance.Of(sweep.Trials);
        Chart?[] insight = [ImportanceBars.Of(importances), SearchCoordinates.Of(sweep, importances)];
        return Html.Of($"""
            {Parts.Facts(Facts(sweep))}
            {sweep.MissingBackbones.Select(backbone => Html.Of($"<p><bdi>{backbone.Key}</bdi> was not searched: {backbone.Value}</p>"))}
            {Ensemble(sweep)}
            <div class="charts">{Parts.Chart(SearchProgress.Of(sweep), "wide")}{Parts.Chart(SearchTimeline.Of(sweep), "wide")}</div>
            <div class="charts">{insight.OfType<Chart>().Select(chart => Parts.Chart(chart, "wide"))}</div>
            {(insight[0] is null ? Html.Empty : Html.Trusted("<p class=\"quiet\">Permutation importance (Breiman 2001): how much worse a random forest predicts the loss of trials that it has not seen when a parameter’s values are shuffled, as a share of the variance. What changes with two parameters together counts for both.</p>"))}
            {Modes(sweep)}
            {Trials(sweep)}
            """);
    }

    // Every network beside every way of training it; a search over one of each says nothing here.
    private static Html Modes(SweepRecord sweep)
    {
        var finished = sweep.Trials.Where(trial => trial is { State: TrialState.Finished, Accuracy: not null } && trial.Parameter.ContainsKey("arch")).ToArray();
        var modes = finished.Select(Mode).Distinct().ToArray();
        var networks = finished.GroupBy(trial => trial.Parameter["arch"]).ToArray();
        return modes.Length * networks.Length < 2 ? Html.Empty : Html.Of($"""
            <h3>Networks and modes</h3>
            <p class="quiet">The best validation accuracy of finished trials, in per cent, and how many there were.</p>
            {Parts.Table(new(["Network", .. modes], [.. networks.Select(network => (IReadOnlyList<string>)[network.Key, .. modes.Select(mode => Best(network.Where(trial => Mode(trial) == mode).ToArray()))])]))}
            """);

        static string Mode(TrialSummary trial) => trial.Parameter.GetValueOrDefault(SearchStage.Choice) ?? "as set";

        static string Best(TrialSummary[] trials) => trials.Length == 0 ? Show.Nothing : $"{Show.Percent(trials.Max(trial => trial.Accuracy))} ({trials.Length})";
    }

    private static IEnumerable<(string Name, Html Value)> Facts(SweepRecord sweep)
    {
        int Count(TrialState state) => sweep.Trials.Count(trial => trial.State == state);
        yield return ("Trials", Html.Of($"{sweep.Trials.Count}: {Count(TrialState.Finished)} finished, {Count(TrialState.Pruned)} pruned, {Count(TrialState.Failed)} failed"));
        yield return ("Time", Html.Of($"{Show.Seconds(sweep.Seconds)}{(sweep.Settings.Seconds is { } seconds ? $" of {Show.Seconds(seconds)}" : "")}"));
        yield return ("Tuner and pruner", Html.Of($"{sweep.Settings.Tuner}, {sweep.Settings.Pruner ?? "none"}"));
        yield return ("At a time", Html.Of($"{sweep.Settings.Workers}"));
        if (sweep.Trials.Any(trial => trial.CacheHits > 0))
        {
            yield return ("From the cache", Html.Of($"{sweep.Trials.Count(trial => trial.CacheHits > 0)} trials ran no frozen backbone{(Saved(sweep) is > 0 and var saved ? $": {Show.Seconds(saved)} saved" : "")}"));
        }
    }

    // What each trial would have cost that had its features from the cache: as long as those of the same network and mode that computed theirs.
    private static double Saved(SweepRecord sweep) => sweep.Trials
        .Where(trial => trial.State == TrialState.Finished)
        .GroupBy(trial => string.Join(' ', Costly.Select(name => trial.Parameter.GetValueOrDefault(name))))
        .Sum(alike =>
        {
            var computed = alike.Where(trial => trial.CacheHits == 0).Select(trial => trial.Seconds).ToArray();
            var cached = alike.Where(trial => trial.CacheHits > 0).Select(trial => trial.Seconds).ToArray();
            return computed.Length == 0 || cached.Length == 0 ? 0 : Math.Max(0, computed.Average() - cached.Average()) * cached.Length;
        });

    private static Html Ensemble(SweepRecord sweep) => sweep.Ensemble switch
    {
        null when sweep.EnsembleProblem is { } problem => Html.Of($"""
            <p>The finalists could not be made into one model that votes: {problem}</p>
            """),
        null => Html.Empty,
        { ModelFile: null } vote => Html.Of($"""
            <p>No vote of the finalists names more of the validation images right than <bdi>{vote.Voting.Single().Key}</bdi> does alone.</p>
            """),
        { } vote => Html.Of($"""
            <p>Together, the finalists name {Show.Percent(vote.Validation)} % of the validation images right{(vote.Test is { } test ? $" and {Show.Percent(test)} % of the test images" : "")}, weighted {Show.List([.. vote.Voting.Select(member => string.Create(CultureInfo.InvariantCulture, $"{member.Key} {member.Value:0.##}"))])}. <code>{vote.ModelFile}</code> is that vote as one model: {Show.Fixed(vote.Latency!.P50Milliseconds, 1)} ms an answer, {Show.Bytes(vote.ModelBytes)}.</p>
            """),
    };

    private static Html Trials(SweepRecord sweep)
    {
        var rows = sweep.Trials.OrderByDescending(trial => trial.State == TrialState.Finished).ThenBy(trial => trial.Loss ?? double.MaxValue).Select(trial => (IReadOnlyList<string>)
        [
            SearchProgress.Name(trial),
            trial.State.ToString().ToLowerInvariant(),
            trial.Reason ?? string.Join(", ", trial.Parameter.Select(pair => $"{pair.Key} {Short(pair.Value)}")),
            Show.Percent(trial.Accuracy),
            trial.Steps.ToString(CultureInfo.InvariantCulture),
            Show.Seconds(trial.Seconds),
        ]);
        return Html.Of($"""
            <details class="data"><summary>All {sweep.Trials.Count} trials</summary>{Parts.Table(new(["Trial", "State", "Parameters, or why it ended", "Validation, %", "Epochs", "Time"], [.. rows], TextColumns: 3))}</details>
            """);
    }

    private static string Short(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && value.Length > 6
        ? Show.Number(number)
        : value;
}
