namespace MLNetCnn.Runs;

/// <summary>When, where and with what something was computed.</summary>
/// <param name="StartedAt">When the run started, UTC.</param>
/// <param name="Command">The command line that repeats it.</param>
/// <param name="Commit">The product's version and source commit.</param>
/// <param name="Hardware">Processor, cores and memory; the GPU where one was used.</param>
/// <param name="Device">The device it ran on: <c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="Threads">CPU threads used.</param>
/// <param name="Libraries">Versions by name: .NET, libtorch, OpenCV, ONNX Runtime.</param>
public sealed record Provenance(
    DateTimeOffset StartedAt,
    string Command,
    string Commit,
    string Hardware,
    string Device,
    int Threads,
    IReadOnlyDictionary<string, string> Libraries)
{
    /// <summary>The pretrained weights it began with, by name, and what tells them from all others: a SHA-256 of their files and of how they are loaded; null where there are none.</summary>
    public string? Weights { get; init; }
}
