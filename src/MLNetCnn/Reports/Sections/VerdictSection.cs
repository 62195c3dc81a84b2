using MLNetCnn.Data;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>The answer first: who won, how good and how sure, what it costs, how to repeat and how to use it.</summary>
internal sealed class VerdictSection : ISection
{
    public string Id => "verdict";

    public string Title => "Verdict";

    public Html Render(ReportModel model)
    {
        var verdict = model.Verdict;
        if (verdict.Winner is not { } place)
        {
            return Html.Of($"""<div class="card"><p class="lead">{verdict.Explanation}</p></div>{Parts.ProfileNote(model)}""");
        }

        var winner = model.Runs[place];
        return Html.Of($"""
            <div class="card verdict">
            <div class="winner">
            <p class="eyebrow">{(model.Runs.Count > 1 ? "Winner" : "Result")}</p>
            <p class="name"><a href="#{Parts.RunAnchor(place)}"><bdi>{winner.Name}</bdi></a></p>
            {Headline(verdict)}
            <p class="lead">{verdict.Explanation}</p>
            {Refit(model)}
            {Vote(model)}
            {Tally(model)}
            </div>
            {Tiles(winner, verdict, model.Sweep is not null)}
            </div>
            {Parts.ProfileNote(model)}
            {SeenBefore(model)}
            <div class="pair">{Parts.Command("Repeat it", winner)}{Serve(winner)}</div>
            """);
    }

    private static Html Refit(ReportModel model) => model.Sweep?.Refit is not { } refit ? Html.Empty : Html.Of($"""
        <p class="lead"><strong>The model file</strong> is <bdi>{model.Runs[0].Name}</bdi> trained once more with the same settings, on all {Show.Count(refit.Dataset.TrainCounts.Sum(count => (long)count))} training and validation images{(refit.Test is { } test ? Html.Of($": <strong>{Show.Percent(test.MicroAccuracy)}&nbsp;%</strong> of the test images right") : Html.Empty)}. That was settled before any test image was looked at.</p>
        """);

    private static Html Vote(ReportModel model)
    {
        if (model.Sweep?.Ensemble is not { ModelFile: { } file } vote)
        {
            return Html.Empty;
        }

        var (accuracy, part) = vote.Test is { } test ? (test, DatasetSplit.Test) : (vote.Validation, DatasetSplit.Validation);
        return Html.Of($"""
            <p class="lead"><strong>The vote</strong> of {vote.Voting.Count} finalists as one model, <code>{file}</code>, names <strong>{Show.Percent(accuracy)}&nbsp;%</strong> of the {part.Text()} images right; it takes {Show.Fixed(vote.Latency!.P50Milliseconds, 1)}&nbsp;ms an image and {Show.Bytes(vote.ModelBytes)}.</p>
            """);
    }

    private static Html SeenBefore(ReportModel model)
    {
        var seen = model.Runs.Where(run => run.SeenBefore is not null && run.IsFinished()).ToArray();
        return seen.Length == 0 ? Html.Empty : Html.Of($"""
            <p class="callout" role="note"><strong>Contamination.</strong> The images of <bdi>{seen[0].Dataset.Name}</bdi> are drawn from {seen[0].SeenBefore}, on which the weights of {Show.List([.. seen.Select(run => run.Name)])} were trained: these networks may have seen the test images, and their accuracy on new photos may be lower.</p>
            """);
    }

    private static Html Headline(Verdict verdict)
    {
        var accuracy = verdict.Test ?? verdict.Chosen!;
        var interval = accuracy.Interval;
        var part = verdict.Test is null ? verdict.ChosenOn!.Value : DatasetSplit.Test;
        return Html.Of($"""
            <p class="headline"><span class="figure-big">{Show.Percent(accuracy.Mean)}<small> %</small></span> <span>{part.Text()} accuracy{(accuracy.IsMean ? $", mean of {accuracy.BySeed.Count} seeds ({accuracy.Range()})" : "")}</span></p>
            <p class="interval">95 % interval {Show.Percent(interval.Lower)} to {Show.Percent(interval.Upper)} <span class="quiet">(Wilson, {Show.Plural(accuracy.Images, "image")})</span></p>
            """);
    }

    private static Html Tiles(RunRecord winner, Verdict verdict, bool isSweep)
    {
        var figures = winner.On(verdict.Test is null ? verdict.ChosenOn!.Value : DatasetSplit.Test)!;
        var published = PublishedComparison.Of(winner);
        var tiles = new List<(string Name, string Value, string Note)>();
        if (verdict.Test is not null && winner.Accuracy(DatasetSplit.Validation) is { } validation)
        {
            tiles.Add(("Validation accuracy", Show.Percent(validation.Mean) + " %", validation.IsMean ? validation.Range() : Show.Plural(validation.Images, "image")));
        }

        if (published is not null)
        {
            tiles.Add(("Published", Show.Percent(published.Published) + " %", published.Difference is null
                ? published.Part.Text()
                : $"ours {Show.Points(published.Difference)} points, {published.Part.Text()}"));
        }

        if (winner.HasSeeds())
        {
            tiles.Add(("Seed shown", Show.Count(winner.Seed), $"{(isSweep ? "the first" : "the median by test accuracy")}; what follows is of it"));
        }

        tiles.Add(("Macro-F1", Show.Percent(figures.MacroF1) + " %", "mean over the classes"));
        tiles.Add(("Parameters", Show.Count(winner.ParameterCount), Show.Count(winner.TrainableParameterCount) + " trained"));
        tiles.Add(("Time", Show.Seconds(winner.Seconds), Show.Plural(winner.History.Epochs.Count, "epoch") + ", " + winner.Provenance.Device));
        if (winner.ModelBytes > 0)
        {
            tiles.Add(("Model file", Show.Bytes(winner.ModelBytes), winner.ModelFile ?? ""));
        }

        if (winner.Latency is { } latency)
        {
            tiles.Add(("Latency", Show.Fixed(latency.P50Milliseconds, 2) + " ms", $"per image, 1 thread; p95 {Show.Fixed(latency.P95Milliseconds, 2)} ms"));
        }

        return Html.Of($"""
            <dl class="tiles">{tiles.Select(tile => Html.Of($"""<div><dt>{tile.Name}</dt><dd><b>{tile.Value}</b> <small>{tile.Note}</small></dd></div>"""))}</dl>
            """);
    }

    private static Html Tally(ReportModel model)
    {
        if (model.Runs.Count == 1)
        {
            return Html.Empty;
        }

        var parts = model.Runs.CountBy(run => run.Status.Text()).Select(group => $"{group.Value} {group.Key}").ToList();
        var compared = model.Runs.Select(PublishedComparison.Of).Where(c => c?.Difference is not null).ToArray();
        if (compared.Length > 0)
        {
            parts.Add($"{compared.Count(c => c!.Difference >= 0)} of {compared.Length} at or above the published accuracy");
        }

        return Html.Of($"""<p class="quiet">{Show.Plural(model.Runs.Count, "run")}: {string.Join(", ", parts)}.</p>""");
    }

    private static Html Serve(RunRecord winner) => winner.ModelFile is { } file
        ? Parts.Code("Serve it from C#", ServingSnippet.For(file))
        : Html.Empty;
}
