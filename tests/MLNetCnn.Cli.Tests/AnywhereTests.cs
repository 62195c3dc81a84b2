using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;

using MLNetCnn.Testing;

namespace MLNetCnn.Cli.Tests;

public sealed class AnywhereTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public async Task The_graph_gives_its_scores_in_JavaScript_too()
    {
        Assert.Equal(0, command.Run("train", "fashion-mnist", "--arch", "lenet-5", "--epochs", "1", "--images-per-class", "50", "--output", "shop").ExitCode);
        await ZipFile.ExtractToDirectoryAsync(command["shop/model.zip"], command["unpacked"], TestContext.Current.CancellationToken);
        foreach (var sample in command.Json("data", "samples", "fashion-mnist", "--count", "4")["files"]!.AsArray().Select(file => (string)file!))
        {
            var expected = command.Json("predict", "shop/model.zip", sample, "--top", "10")["predictions"]![0]!["top"]!.AsArray();
            var start = new ProcessStartInfo("node", ["predict.mjs", command["unpacked/model.onnx"], command["unpacked/model.json"], command[sample]])
            {
                WorkingDirectory = Path.Combine(SharedData.RepositoryRoot, "samples", "node"),
                RedirectStandardOutput = true,
            };
            using var node = Process.Start(start)!;
            var scores = JsonNode.Parse(await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))!.AsObject();
            await node.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(expected.Count, scores.Count);
            Assert.All(expected, entry => Assert.Equal((double)entry!["probability"]!, (double)scores[(string)entry["label"]!]!, 1e-4));
        }
    }
}
