using System.ComponentModel;
using System.Diagnostics;

namespace MLNetCnn.Data;

/// <summary>Runs the client of a package registry, which knows the user's own settings.</summary>
internal static class PackageClient
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="name">The program.</param>
    /// <param name="arguments">What it is given.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="missing">What is said where there is no such program.</param>
    /// <param name="cancellation">Ends it too.</param>
    /// <exception cref="DatasetException">There is no such program.</exception>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string name, string[] arguments, string folder, string missing, CancellationToken cancellation)
    {
        using var client = Start(new ProcessStartInfo(name, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true }, missing);
        var output = client.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = client.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await client.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            client.Kill(entireProcessTree: true);
            throw;
        }

        return (client.ExitCode, await output, await errors);
    }

    private static Process Start(ProcessStartInfo start, string missing)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new DatasetException(missing, error);
        }
    }
}
