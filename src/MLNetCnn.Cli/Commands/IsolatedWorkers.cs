using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

using MLNetCnn.AutoML;
using MLNetCnn.Cli.Console;

namespace MLNetCnn.Cli.Commands;

/// <summary>Workers of a sweep as processes: one that dies is replaced, and its trial is taken up again.</summary>
internal sealed partial class IsolatedWorkers(ITrialStore trials, string store, string folder, string device, string[] mirrors, int count, Screen screen)
{
    // A worker that dies at once will do so again.
    private const int MostDeathsEach = 20;

    private const int SigTerm = 15;

    /// <summary>Runs until every worker has found nothing more to do.</summary>
    public Task RunAsync(double seconds, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        return Task.WhenAll(Enumerable.Range(0, count).Select(number => RunAsync(number, () => seconds - clock.Elapsed.TotalSeconds, stop)));
    }

    private async Task RunAsync(int number, Func<double> left, CancellationToken stop)
    {
        for (var deaths = 0; deaths < MostDeathsEach && left() > 0 && !stop.IsCancellationRequested; deaths++)
        {
            using var process = Process.Start(Command(left()))!;
            await Task.WhenAll(Pass(process.StandardOutput), Pass(process.StandardError), Wait(process, stop)).ConfigureAwait(false);
            if (process.ExitCode is ExitCodes.Success or ExitCodes.Cancelled or ExitCodes.UserMistake)
            {
                return;
            }

            trials.Abandon(trials.FindExperiment(SweepCommand.Experiment)!.Id, AutoMLExperiment.WorkerName(process.Id, 0));
            if (stop.IsCancellationRequested)
            {
                return;
            }

            screen.Line(string.Create(CultureInfo.InvariantCulture, $"  worker {number + 1} ended with exit code {process.ExitCode}: another takes its place"));
        }
    }

    private static async Task Wait(Process process, CancellationToken stop)
    {
        try
        {
            await process.WaitForExitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It gives its trial back; a process that does not is ended.
            _ = kill(process.Id, SigTerm);
            if (!process.WaitForExit(TimeSpan.FromSeconds(30)))
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    private async Task Pass(StreamReader lines)
    {
        while (await lines.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            screen.Line(line);
        }
    }

    private ProcessStartInfo Command(double seconds)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(Assembly.GetEntryAssembly()!.Location);
        }

        string[] arguments = ["worker", "--store", store, "--output", folder, "--device", device, .. mirrors.SelectMany(mirror => new[] { "--mirror", mirror })];
        foreach (var argument in double.IsFinite(seconds) ? [.. arguments, "--seconds", seconds.ToString("0", CultureInfo.InvariantCulture)] : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
