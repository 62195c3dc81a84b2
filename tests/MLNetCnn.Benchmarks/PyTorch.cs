using System.Diagnostics;
using System.Globalization;

namespace MLNetCnn.Benchmarks;

/// <summary>Debian's PyTorch as the peer: a script of Peers/ in a process of its own, which prints one number.</summary>
internal static class PyTorch
{
    private const string Libraries = "/usr/lib/x86_64-linux-gnu/";

    /// <summary>How the peer is set up.</summary>
    /// <param name="Name">What the results call it.</param>
    /// <param name="Blas">The build of OpenBLAS.</param>
    /// <param name="TunedMalloc">Whether malloc keeps freed memory.</param>
    /// <param name="Threads">Threads per operation; 0 for PyTorch's own choice.</param>
    public sealed record Setup(string Name, string Blas, bool TunedMalloc, int Threads);

    /// <summary>As Debian ships it.</summary>
    public static Setup Stock { get; } = new("PyTorch as Debian ships it", "openblas-pthread", TunedMalloc: false, Threads: 0);

    /// <summary>At its best, with some number of threads.</summary>
    public static Setup Tuned(int threads) => new($"PyTorch tuned, {threads} thread(s)", "openblas-openmp", TunedMalloc: true, threads);

    /// <summary>Runs a script; its last line of output is the figure. Null where the setup is not installed.</summary>
    public static double? Measure(Setup setup, string script, params string[] arguments)
    {
        if (!Directory.Exists(Libraries + setup.Blas))
        {
            return null;
        }

        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", script), $"{setup.Threads}", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["LD_LIBRARY_PATH"] = Libraries + setup.Blas;
        if (setup.TunedMalloc)
        {
            start.Environment["MALLOC_MMAP_THRESHOLD_"] = "1073741824";
            start.Environment["MALLOC_TRIM_THRESHOLD_"] = "1073741824";
            start.Environment["MALLOC_TOP_PAD_"] = "268435456";
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? double.Parse(output.Trim().Split('\n')[^1], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{script} ended with {process.ExitCode}");
    }
}
