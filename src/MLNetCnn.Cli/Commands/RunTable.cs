using System.Globalization;

using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Reports;
using MLNetCnn.Runs;

using Spectre.Console;

namespace MLNetCnn.Cli.Commands;

/// <summary>Prints runs as a table, published figures beside ours.</summary>
internal static class RunTable
{
    /// <param name="screen">Where to print.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="modelOf">Of several seeds, whose model it is that was kept.</param>
    public static void Print(Screen screen, IReadOnlyList<RunRecord> runs, string modelOf = "the seed with the median test accuracy")
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
            var cells = new List<string> { run.Name, run.ParameterCount == 0 ? "" : run.ParameterCount.ToString("N0", CultureInfo.InvariantCulture), Accuracy(run, DatasetSplit.Train) };
            if (validated)
            {
                cells.Add(Accuracy(run, DatasetSplit.Validation));
            }

            cells.Add(Accuracy(run, DatasetSplit.Test));
            if (published)
            {
                cells.AddRange(Compare(run));
            }

            cells.Add(run.Seconds == 0 ? "" : TrainingDisplay.Duration(run.Seconds));
            cells.Add(run.Status switch { RunStatus.Completed => "", RunStatus.NotRun => "not run", var other => other.ToString().ToLowerInvariant() });
            table.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        screen.Out.Write(table);
        if (runs.FirstOrDefault(run => run.Seeds.Count > 0) is { } repeated)
        {
            screen.Line($"accuracies are means over {repeated.Seeds.Count} seeds (lowest–highest); the model is that of {modelOf}");
        }

        foreach (var run in runs.Where(run => run.Reason is not null && (run.Status is RunStatus.NotRun or RunStatus.Failed || run.Seeds.Any(seed => seed.Status == RunStatus.Failed))))
        {
            screen.Line($"{run.Name}: {run.Reason}");
        }
    }

    private static string Accuracy(RunRecord run, DatasetSplit part) => run.Accuracy(part) switch
    {
        null => "",
        { IsMean: true } seeds => $"{Percent(seeds.Mean)} ({Percent(seeds.Lowest)}–{Percent(seeds.Highest)})",
        var single => Percent(single.Mean),
    };

    private static string[] Compare(RunRecord run) => PublishedComparison.Of(run) is not { } compared ? ["", ""] :
    [
        compared.Part == DatasetSplit.Test ? Percent(compared.Published) : $"{Percent(compared.Published)} ({compared.Part.ToString().ToLowerInvariant()})",
        compared.Difference is { } difference ? string.Create(CultureInfo.InvariantCulture, $"{100 * difference:+0.00;−0.00;0.00}") : "",
    ];

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00}");

    private static TableColumn Right(string title) => new TableColumn(title).RightAligned();
}
