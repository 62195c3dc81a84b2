using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

using MLNetCnn.Imaging;

namespace MLNetCnn.Runs;

/// <summary>Describes the machine and the libraries that something runs with.</summary>
public static class Environments
{
    /// <summary>The product's version and, where the build knew it, its source commit.</summary>
    public static string Commit { get; } =
        typeof(Environments).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Library versions by name.</summary>
    public static IReadOnlyDictionary<string, string> Libraries() => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [".NET"] = Environment.Version.ToString(),
        ["libtorch"] = torch.__version__,
        ["OpenCV"] = MLImage.OpenCvVersion,
        ["ONNX Runtime"] = Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetVersionString(),
    };

    /// <summary>Processor, cores and memory in one line.</summary>
    public static string Hardware()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return string.Create(CultureInfo.InvariantCulture, $"{Processor()}, {Environment.ProcessorCount} cores, {memory:0.0} GiB, {RuntimeInformation.OSDescription}");
    }

    internal static Provenance Describe(RunPlan plan, DateTimeOffset started, string device) =>
        new(started, plan.Command, Commit, Hardware(), device, get_num_threads(), Libraries());

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown processor"
        : RuntimeInformation.ProcessArchitecture.ToString();
}
