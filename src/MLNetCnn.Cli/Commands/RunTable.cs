using System.Globalization;

using MLNetCnn.Cli.Console;
using MLNetCnn.Runs;

using Spectre.Console;

namespace MLNetCnn.Cli.Commands;

/// <summary>Prints runs as a table, published figures beside ours.</summary>
internal static class RunTable
{
    public static void Print(Screen screen, IReadOnlyList<RunRecord> runs)
    {
        var published = runs.Any(run => run.Published is not null);
        var validated = runs.Any(run => run.Validation is not null);
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("run").AddColumn(Right("parameters")).AddColumn(Right("train"));
        if (validated)
        {
            table.AddColumn(Right("validation"));
        }

        table.AddColumn(Right("test"));
        if (published)
        {
            table.AddColumn(Right("published")).AddColumn(Right("difference"));
        }

        table.AddColumn(Right("time")).AddColumn("status");
        foreach (var run in runs)
        {
            var cells = new List<string> { run.Name, run.ParameterCount == 0 ? "" : run.ParameterCount.ToString("N0", CultureInfo.InvariantCulture), Percent(run.Train?.MicroAccuracy) };
            if (validated)
            {
                cells.Add(Percent(run.Validation?.MicroAccuracy));
            }

            cells.Add(Percent(TestAccuracy(run)));
            if (published)
            {
                cells.AddRange(Compare(run));
            }

            cells.Add(run.Seconds == 0 ? "" : TrainingDisplay.Duration(run.Seconds));
            cells.Add(run.Status switch { RunStatus.Completed => "", RunStatus.NotRun => "not run", var other => other.ToString().ToLowerInvariant() });
            table.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        screen.Out.Write(table);
        foreach (var run in runs.Where(run => run.Status is RunStatus.NotRun or RunStatus.Failed))
        {
            screen.Line($"{run.Name}: {run.Reason}");
        }
    }

    private static double? TestAccuracy(RunRecord run) => run.Seeds.Count > 0 ? run.Seeds.Average(seed => seed.Test) : run.Test?.MicroAccuracy;

    private static IEnumerable<string> Compare(RunRecord run)
    {
        (double? figure, double? ours, string part) = run.Published switch
        {
            { Test: { } test } => ((double?)test, TestAccuracy(run), "test"),
            { Validation: { } validation } => (validation, run.Validation?.MicroAccuracy, "validation"),
            { Train: { } train } => (train, run.Train?.MicroAccuracy, "train"),
            _ => (default(double?), default(double?), ""),
        };
        yield return figure is null ? "" : part == "test" ? Percent(figure) : $"{Percent(figure)} ({part})";
        yield return (ours - figure) is { } difference ? string.Create(CultureInfo.InvariantCulture, $"{100 * difference:+0.00;−0.00;0.00}") : "";
    }

    private static string Percent(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.00}") : "";

    private static TableColumn Right(string title) => new TableColumn(title).RightAligned();
}
