using System.CommandLine;
using System.Diagnostics;

using MLNetCnn.AutoML;
using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Runs;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn worker</c>: one worker more for a sweep, on this machine or another.</summary>
internal static class WorkerCommand
{
    private static readonly Option<string> Store = new("--store") { Description = "The sweep's trial store: a SQLite file, or postgresql://user@host/database.", HelpName = "STORE", Required = true };
    private static readonly Option<double?> Seconds = new("--seconds") { Description = "The time left for the sweep and its final model; by default what its trials leave of its budget.", HelpName = "N" };
    private static readonly Option<string> Device = CommonOptions.Device();
    private static readonly Option<string> Output = CommonOptions.Output("artifacts/worker");
    private static readonly Option<string[]> Mirror = CommonOptions.Mirror();

    public static Command Create()
    {
        var command = new Command("worker", "Run trials of a sweep that is in a trial store, beside its other workers.") { Store, Seconds, Device, Output, Mirror };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(json: false);
        var folder = arguments.GetRequiredValue(Output);
        var location = arguments.GetRequiredValue(Store);
        var place = TrialStore.Describe(location);
        var none = new ConfigurationException($"the trial store {place} holds no sweep: begin one with 'mlnetcnn sweep … --store {place}'");

        // A file that is opened is made.
        using var store = TrialStore.IsFile(location) && !File.Exists(location) ? throw none : TrialStore.Open(location);
        var experiment = store.FindExperiment(SweepCommand.Experiment) ?? throw none;
        var settings = SweepCommand.SettingsOf(experiment);
        Datasets.CheckOutside(folder, settings.Dataset);
        OutputFolder.Prepare(folder);
        using var cancellation = new Cancellation(screen);
        using var datasets = SweepCommand.Load(settings, arguments.GetRequiredValue(Mirror), screen, cancellation.Token);
        SweepCommand.CheckImages(settings, datasets);
        new ImageSweep(settings, datasets, arguments.GetRequiredValue(Device), new SourceOptions { Mirrors = arguments.GetRequiredValue(Mirror) }, store, folder)
            .Work(SweepCommand.Experiment, arguments.GetValue(Seconds) - SinceStart(), new SweepDisplay(screen, () => SweepCommand.BestIn(store)), cancellation.Token);
        var own = AutoMLExperiment.WorkerName(Environment.ProcessId, 0);
        var trials = store.GetTrials(experiment.Id).Count(trial => trial.Worker == own && trial.Ended is not null);
        if (trials > 0 || !cancellation.Token.IsCancellationRequested)
        {
            screen.Line(trials == 0 ? $"nothing was left to do: the trials or the time of the sweep in {place} are used up, or others have the last ones" : $"this worker did {trials} {(trials == 1 ? "trial" : "trials")}");
        }

        return cancellation.Token.IsCancellationRequested ? ExitCodes.Cancelled : ExitCodes.Success;
    }

    // The time that is left was told to a process that had yet to begin.
    private static double SinceStart()
    {
        using var own = Process.GetCurrentProcess();
        return (DateTime.Now - own.StartTime).TotalSeconds;
    }
}
