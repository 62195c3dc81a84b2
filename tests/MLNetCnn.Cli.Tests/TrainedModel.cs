namespace MLNetCnn.Cli.Tests;

/// <summary>A model that the command trained on real images; the tests of the class use it.</summary>
public sealed class TrainedModel : IDisposable
{
    public TrainedModel()
    {
        Training = Command.Run("train", "fashion-mnist", "--arch", "lenet-5", "--epochs", "1", "--images-per-class", "100", "--output", "run", "--json");
        Samples = [.. Command.Json("data", "samples", "fashion-mnist", "--count", "3", "--output", "samples")["files"]!.AsArray().Select(file => (string)file!)];
    }

    public CommandLine Command { get; } = new();

    public CommandResult Training { get; }

    public IReadOnlyList<string> Samples { get; }

    public void Dispose() => Command.Dispose();
}
