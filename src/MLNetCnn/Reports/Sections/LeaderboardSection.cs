using System.Globalization;
using MLNetCnn.Data;
using MLNetCnn.Reports.Figures;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports.Sections;

/// <summary>Every run in one table, those that failed or did not run among them, with the published figures beside ours.</summary>
internal sealed class LeaderboardSection : ISection
{
    public string Id => "leaderboard";

    public string Title => "Leaderboard";

    public Html Render(ReportModel model)
    {
        var columns = LeaderboardColumn.For(model.Runs);
        var notes = new Notes();
        var rows = Ranked(model).Select(run => Row(model, run.Index, run.Item, columns, notes)).ToArray();
        return Html.Of($"""
            {(model.Runs.Any(run => PublishedComparison.Of(run) is not null) ? Parts.ProfileNote(model) : Html.Empty)}
            {(model.Runs.Count > 1 ? Filter(model.Runs.Count) : Html.Empty)}
            <div class="scroll" tabindex="0" role="region" aria-label="leaderboard"><table class="leaderboard sortable">
            <thead><tr>
            <th scope="col" class="sticky"><button type="button" data-key="name">Run</button></th>
            <th scope="col"><button type="button" data-key="status">Status</button></th>
            {columns.Select(column => Html.Of($"""<th scope="col" class="number" title="{column.Meaning}"><button type="button" data-key="{column.Key}" data-first="{(column.BestIsLow ? "ascending" : "descending")}">{column.Header}</button></th>"""))}
            </tr></thead>
            <tbody>
            {rows}</tbody></table></div>
            <p class="quiet">Accuracies, macro-F1 and top-k in per cent{(model.Runs.Any(run => PublishedComparison.Of(run) is not null) ? "; differences in percentage points, each on the part of the data that the publication measured" : "")}. Click a heading to sort.</p>
            {Seeds(model)}
            {notes.Render()}
            {Charts(model)}
            """);
    }

    private static IEnumerable<(int Index, RunRecord Item)> Ranked(ReportModel model)
    {
        var part = model.Verdict.ChosenOn ?? DatasetSplit.Test;
        return model.Runs.Index()
            .OrderBy(run => run.Item.IsFinished() ? 0 : 1)
            .ThenByDescending(run => run.Item.IsFinished() ? run.Item.Accuracy(part)?.Mean ?? -1 : -1);
    }

    private static Html Filter(int count) => Html.Of($"""
        <div class="toolbar"><label>Filter <input type="search" class="filter" placeholder="name, network, status"></label> <output class="quiet shown">{Show.Plural(count, "run")}</output></div>
        """);

    private static Html Row(
        ReportModel model, int index, RunRecord run, IReadOnlyList<LeaderboardColumn> columns, Notes notes)
    {
        var winner = model.Verdict.Winner == index;
        var hasFigures = run.IsFinished();
        return Html.Of($"""
            <tr class="{(winner ? "best" : "")}" data-name="{run.Name}" data-status="{run.Status.Text()}"{columns.Select(column => Html.Of($""" data-{column.Key}="{column.SortValue(run)}" """))}>
            <th scope="row" class="sticky"><a href="#{Parts.RunAnchor(index)}"><bdi>{run.Name}</bdi></a>{notes.Mark(run, hasFigures)}<small class="quiet">{run.Architecture}{(run.HasSeeds() ? $", seed {run.Seed}" : "")}</small></th>
            <td><span class="status {run.Status.ToString().ToLowerInvariant()}">{run.Status.Text()}</span></td>
            {(hasFigures ? Html.Join(columns.Select(column => Cell(run, column))) : Reason(run, columns.Count))}
            </tr>

            """);
    }

    private static Html Cell(RunRecord run, LeaderboardColumn column)
    {
        var value = column.Value(run);
        var tone = column.Key == "difference" && value is { } d && Math.Abs(d) >= 0.00005 ? d > 0 ? " up" : " down" : "";
        var remark = column.Remark(run) is { Length: > 0 } text ? Html.Of($"<small class=\"quiet\"> {text}</small>") : Html.Empty;
        return Html.Of($"""<td class="number{tone}">{(value is { } v ? column.Write(v) : Show.Nothing)}{remark}</td>""");
    }

    private static Html Reason(RunRecord run, int width) => Html.Of($"""
        <td colspan="{width}" class="reason">{run.Reason ?? (run.Status is RunStatus.Completed or RunStatus.Cancelled ? "finished, but there were no validation and no test images to measure it on" : "no reason was recorded")}</td>
        """);

    private static Html Seeds(ReportModel model)
    {
        var repeated = model.Runs.Where(run => run.HasSeeds()).ToArray();
        return repeated.Length == 0 ? Html.Empty : Html.Of($"""
            <p class="quiet">Training, validation and test accuracy and the difference are means over {Show.Plural(repeated.Max(run => run.Seeds.Count), "seed")}, with the lowest and the highest beside. All else, the curves, the errors and the model file among it, is of the seed that stands under the run's name: {(model.Sweep is null ? "the median by test accuracy" : "the first")}.</p>
            <details class="data"><summary>Each seed</summary>{Parts.Table(new(
                ["Run", "Seed", "Status", "Training, %", "Validation, %", "Test, %"],
                [.. repeated.SelectMany(run => run.Seeds.Select(seed => (IReadOnlyList<string>)
                    [run.Name, seed.Seed.ToString(CultureInfo.InvariantCulture), seed.Status.Text(), Show.Percent(seed.Train), Show.Percent(seed.Validation), Show.Percent(seed.Test)]))],
                TextColumns: 3))}</details>
            """);
    }

    private static Html Charts(ReportModel model)
    {
        var compared = model.Runs
            .Select(run => (Run: run, Comparison: PublishedComparison.Of(run)))
            .Where(row => row.Comparison is not null)
            .Select(row => (row.Run, row.Comparison!))
            .ToArray();
        var part = model.Verdict.ChosenOn ?? DatasetSplit.Test;
        Chart?[] tradeOffs =
        [
            TradeOff.AgainstParameters(model.Runs, part),
            TradeOff.AgainstLatency(model.Runs, part),
            TradeOff.AgainstSize(model.Runs, part),
            TradeOff.AgainstTime(model.Runs, part),
            Overfitting.TrainAndTest(model.Runs, part),
            Overfitting.GapAgainstParameters(model.Runs, part),
        ];
        return Html.Of($"""
            <div class="charts">
            {(compared.Length > 0 ? Parts.Chart(PublishedVersusOurs.Of(compared), "wide") : Html.Empty)}
            {tradeOffs.OfType<Chart>().Select(chart => Parts.Chart(chart))}</div>
            """);
    }

    /// <summary>Remarks on runs, numbered in the order of the table and listed under it.</summary>
    private sealed class Notes
    {
        private readonly List<(string Run, string Text)> _notes = [];

        /// <summary>The number of the run's note, if it has one. Where the table itself gives the reason, only the publication's note counts.</summary>
        public Html Mark(RunRecord run, bool hasFigures)
        {
            var text = string.Join(" ", new[] { hasFigures ? run.Reason : null, run.Published?.Note }.OfType<string>());
            if (text.Length == 0)
            {
                return Html.Empty;
            }

            _notes.Add((run.Name, text));
            return Html.Of($"""<sup><a href="#note-{_notes.Count}" aria-label="note {_notes.Count}">{_notes.Count}</a></sup>""");
        }

        public Html Render() => _notes.Count == 0 ? Html.Empty : Html.Of($"""
            <ol class="notes">{_notes.Select((note, i) => Html.Of($"""<li id="note-{i + 1}"><strong><bdi>{note.Run}</bdi></strong>: {note.Text}</li>"""))}</ol>
            """);
    }
}
