using System.CommandLine;
using System.Text.Json.Nodes;

using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Reports;
using MLNetCnn.Runs;
using MLNetCnn.Studies;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn study</c>: reruns a published study and sets its figures beside ours.</summary>
internal static class StudyCommand
{
    private static readonly Argument<string> Name = new("study") { Description = "A study's name, or a study file." };
    private static readonly Option<string> Profile = new("--profile") { Description = "quick or full.", DefaultValueFactory = _ => "full" };
    private static readonly Option<int> Seeds = CommonOptions.Whole("--seeds", "Repeat every run with so many seeds and show the mean.", 1, atLeast: 1);
    private static readonly Option<string[]> Only = new("--run") { Description = "Make this run only; may be given several times.", HelpName = "NAME", DefaultValueFactory = _ => [] };
    private static readonly Option<string> Device = CommonOptions.Device();
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "The folder to write to (artifacts/STUDY-PROFILE); runs that are there already are taken over.", HelpName = "DIR" };
    private static readonly Option<string[]> Mirror = CommonOptions.Mirror();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("study", "Rerun a published study; a killed one goes on where it was.") { Name, Profile, Seeds, Only, Device, Output, Mirror, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var study = new StudyCatalog().Load(arguments.GetRequiredValue(Name));
        var profile = arguments.GetRequiredValue(Profile);
        var folder = arguments.GetValue(Output) ?? Path.Combine("artifacts", $"{study.Name}-{profile}");
        var runner = new StudyRunner(study, profile, folder) { Called = arguments.GetRequiredValue(Name), Seeds = arguments.GetValue(Seeds), Only = arguments.GetRequiredValue(Only), Device = arguments.GetRequiredValue(Device), Sources = new() { Mirrors = arguments.GetRequiredValue(Mirror) } };
        var shape = Datasets.Shape(study.Dataset, out var unknown);
        ConfigurationException.ThrowIfAny(unknown.Concat(runner.Problems(shape, setting => "--" + setting)));
        Datasets.CheckOutside(folder, study.Dataset);
        OutputFolder.Prepare(folder);
        using var cancellation = new Cancellation(screen);
        using var datasets = new SizedDatasets(size => Datasets.Load(
            study.Dataset, arguments.GetRequiredValue(Mirror), screen, load => runner.Trim(load) with { Height = size?.Height, Width = size?.Width }, cancellation.Token));
        var record = runner.Run(datasets, (name, number, count) => new TrainingDisplay(screen, $"[{number}/{count}] {name}"), cancellation.Token);
        var report = Path.Combine(folder, RunStore.ReportFile);
        var page = ReportModel.ForStudy(record);
        HtmlReport.Write(page, report);
        RunTable.Print(screen, record.Runs);
        if (record.ProfileNote.Length > 0)
        {
            screen.Line(record.ProfileNote);
        }

        var best = page.Verdict.Winner is { } winner ? RunStore.KeepModel(record.Runs[winner], runner.Folder(record.Runs[winner]), folder) : null;
        screen.Line($"report  {report}");
        screen.Line(best is null ? "no run gave a model" : $"best    {best}");
        screen.Answer(new JsonObject
        {
            ["study"] = record.Name,
            ["profile"] = record.Profile,
            ["runs"] = new JsonArray([.. record.Runs.Select(run => Answers.Run(run, runner.Folder(run), report))]),
            ["model"] = best,
            ["report"] = report,
        });
        return cancellation.Token.IsCancellationRequested ? ExitCodes.Cancelled
            : record.Runs.Any(run => run.Status == RunStatus.Failed || run.Seeds.Any(seed => seed.Status == RunStatus.Failed)) ? ExitCodes.Failure
            : ExitCodes.Success;
    }
}
