using System.CommandLine;
using System.Text.Json.Nodes;

using MLNetCnn.Cli.Console;
using MLNetCnn.Reports;
using MLNetCnn.Runs;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn report</c>: compares runs that were made before.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string[]> Runs = new("runs") { Description = "Folders that train, study or sweep wrote.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "The page to write.", HelpName = "FILE", DefaultValueFactory = _ => "artifacts/report.html" };
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("report", "Compare runs in one page.") { Runs, Output, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var records = Named([.. arguments.GetRequiredValue(Runs).Select(path => path.TrimEnd('/')).Distinct().SelectMany(path => SeedRuns.Combine(Folders(path).Select(RunStore.Load)).Select(record => (path, record)))]);
        var path = arguments.GetRequiredValue(Output);
        OutputFolder.PrepareFor(path);
        HtmlReport.Write(records.Count == 1 ? ReportModel.ForRun(records[0]) : ReportModel.Compare(records), path);
        RunTable.Print(screen, records);
        screen.Line($"report  {path}");
        screen.Answer(new JsonObject { ["runs"] = records.Count, ["report"] = path });
        return ExitCodes.Success;
    }

    // Runs that are called alike are told apart by where they lie.
    private static List<RunRecord> Named(List<(string Path, RunRecord Record)> runs)
    {
        var taken = runs.CountBy(run => run.Record.Name).Where(name => name.Value > 1).Select(name => name.Key).ToHashSet(StringComparer.Ordinal);
        return runs.ConvertAll(run => taken.Contains(run.Record.Name) ? run.Record with { Name = $"{run.Record.Name}, {run.Path}" } : run.Record);
    }

    // A study's folder stands for the runs in it, and that of a run for its repetitions with other seeds.
    private static IEnumerable<string> Folders(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        return File.Exists(Path.Combine(path, RunStore.RecordFile))
            ? [path, .. Directory.GetDirectories(path, "seed-*").Where(seed => File.Exists(Path.Combine(seed, RunStore.RecordFile))).Order(StringComparer.Ordinal)]
            : Directory.GetFiles(path, RunStore.RecordFile, SearchOption.AllDirectories) is { Length: > 0 } records ? records.Order(StringComparer.Ordinal) : [path];
    }
}
