using System.Globalization;
using System.Text.Json.Nodes;

using MLNetCnn.Testing;

namespace MLNetCnn.Cli.Tests;

public sealed class TrainTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    private readonly CommandLine _command = trained.Command;

    [Fact]
    public void Training_answers_with_one_object_and_leaves_model_record_and_report()
    {
        var answer = trained.Training.Json();
        Assert.Equal("Completed", (string?)answer["status"]);
        Assert.Equal(61_706, (int)answer["parameters"]!);
        Assert.InRange((double)answer["test"]!["microAccuracy"]!, 0.2, 0.8);
        Assert.InRange((double)answer["test"]!["macroAccuracy"]!, 0.2, 0.8);
        Assert.InRange((double)answer["test"]!["logLoss"]!, 0.5, 2.5);
        Assert.InRange((double)answer["seconds"]!, 0.01, 120);
        Assert.Equal(("run/model.zip", "run/report.html"), ((string)answer["model"]!, (string)answer["report"]!));
        Assert.Equal(["model.zip", "predictions.safetensors", "report.html", "run.json"], Directory.GetFileSystemEntries(_command["run"]).Select(Path.GetFileName).Order());
        Assert.Contains("epoch   1/1", trained.Training.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_on_a_pretrained_backbone_learns_photos_in_seconds()
    {
        var shared = SharedData.Require("");
        string[] line = ["train", "animals-5", "--mirror", shared, "--arch", "MobileNetV2", "--images-per-class", "30", "--image-size", "96", "--epochs", "15", "--output", "animals", "--json"];
        var answer = _command.Run(line).Json();
        Assert.Equal("Completed", (string?)answer["status"]);
        Assert.InRange((double)answer["test"]!["microAccuracy"]!, 0.85, 1);
        var settings = JsonNode.Parse(File.ReadAllText(_command["animals/run.json"]))!["settings"]!;
        Assert.Equal(("mobilenet-v2", "frozen", "mobilenet-v2-imagenet-ptq"), ((string)settings["arch"]!, (string)settings["fineTuning"]!, (string)settings["transfer.weights"]!));
    }

    [Fact]
    public void An_untrained_head_on_a_backbone_can_be_evaluated()
    {
        string[] line = ["train", "animals-5", "--mirror", SharedData.Require(""), "--arch", "MobileNetV2", "--mode", "frozen", "--images-per-class", "20", "--image-size", "96"];
        Assert.InRange((double)_command.Json([.. line, "--epochs", "0", "--output", "untrained"])["test"]!["microAccuracy"]!, 0.02, 0.5);
    }

    [Fact]
    public void Fine_tuning_as_it_comes_does_not_unlearn_what_the_backbone_knows()
    {
        var shared = SharedData.Require("");
        string[] line = ["train", "animals-5", "--mirror", shared, "--arch", "MobileNetV2", "--mode", "partial", "--images-per-class", "30", "--image-size", "96", "--device", "cpu", "--output", "partial", "--json"];
        var result = _command.Run([.. line, "--epochs", "3"]);
        Assert.InRange((double)result.Json()["test"]!["microAccuracy"]!, 0.85, 1);
        Assert.DoesNotContain("did not pay", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("note:", result.Error, StringComparison.Ordinal);
        var settings = JsonNode.Parse(File.ReadAllText(_command["partial/run.json"]))!["settings"]!;
        Assert.Equal(("adamW", "0.0001", "cosine", "32"), ((string)settings["optimizer.kind"]!, (string)settings["learningRate"]!, (string)settings["schedule"]!, (string)settings["batchSize"]!));

        Assert.Equal(File.ReadAllText("/proc/cpuinfo").Contains("avx512_bf16", StringComparison.Ordinal) ? "bFloat16" : "float32", (string)settings["precision"]!);

        File.WriteAllText(_command["plateaus.json"], """{ "reduceOnPlateau": { "patience": 2 } }""");
        _command.Run([.. line, "--settings", _command["plateaus.json"], "--learning-rate", "2e-4", "--optimizer", "sgd", "--precision", "float32", "--epochs", "1"]).Json();
        settings = JsonNode.Parse(File.ReadAllText(_command["partial/run.json"]))!["settings"]!;
        Assert.Equal(("sgd", "0.0002", "constant", "32", "float32"), ((string)settings["optimizer.kind"]!, (string)settings["learningRate"]!, (string)settings["schedule"]!, (string)settings["batchSize"]!, (string)settings["precision"]!));
    }

    // On features that are kept an epoch takes moments; without, each runs the backbone over all images.
    [Fact]
    public void A_head_on_a_frozen_backbone_has_more_epochs_by_default_where_its_features_are_kept()
    {
        _command.Write("uncached.json", """{ "transfer": { "cacheActivations": false } }""");
        string[] line = ["train", "animals-5", "--mirror", SharedData.Require(""), "--images-per-class", "5", "--image-size", "64"];
        Assert.Equal("100", Epochs("kept", "--arch", "mobilenet-v2"));
        Assert.Equal("100", Epochs("continued", "--from", "kept/model.zip"));
        Assert.Equal("10", Epochs("uncached", "--arch", "mobilenet-v2", "--settings", "uncached.json"));

        string Epochs(string output, params string[] options)
        {
            _command.Json([.. options is ["--from", ..] ? line[..^2] : line, .. options, "--output", output]);
            return (string)JsonNode.Parse(File.ReadAllText(_command[$"{output}/run.json"]))!["settings"]!["epoch"]!;
        }
    }

    [Fact]
    public void A_model_tells_what_it_is()
    {
        var text = _command.Run("inspect", "run/model.zip").Out;
        Assert.Contains("Ankle boot", text, StringComparison.Ordinal);
        Assert.Contains("mlnetcnn train fashion-mnist --arch lenet-5 --epochs 1", text, StringComparison.Ordinal);
        var accuracy = (double)trained.Training.Json()["test"]!["microAccuracy"]!;
        Assert.Contains(accuracy.ToString("0.0000", CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_goes_on_from_a_model_at_a_rate_that_it_looked_for_and_leaves_8_bits_too()
    {
        string[] line = ["train", "fashion-mnist", "--images-per-class", "100", "--epochs", "1", "--from", "run/model.zip", "--find-learning-rate", "--int8", "--output", "more"];
        var more = _command.Json(line);
        Assert.True((double)more["test"]!["logLoss"]! < (double)trained.Training.Json()["test"]!["logLoss"]!);
        Assert.True(File.Exists(_command["more/model-int8.zip"]));
        var record = JsonNode.Parse(File.ReadAllText(_command["more/run.json"]))!;
        Assert.Equal("run/model.zip", (string)record["settings"]!["initialModel"]!);
        Assert.True(record["history"]!["learningRateSweep"]!["rates"]!.AsArray().Count > 10);
    }

    [Fact]
    public void A_mode_that_the_model_gone_on_from_has_not_is_a_mistake()
    {
        string[] line = ["train", "fashion-mnist", "--images-per-class", "20", "--epochs", "1", "--output", "contrary"];
        _command.Run([.. line, "--from", "run/model.zip", "--mode", "frozen"]).Complains(2, "--mode asks for pretrained weights, which lenet-5 does not have");
        _command.Write("narrow.json", """{ "arch": "resnet-18", "archSettings": { "width": 4 }, "fineTuning": "scratch" }""");
        Assert.Equal(0, _command.Run([.. line[..^1], "whole", "--settings", "narrow.json"]).ExitCode);
        _command.Run([.. line, "--from", "whole/model.zip", "--mode", "frozen"]).Complains(2, "--mode is frozen, but whole/model.zip was trained from scratch");

        string[] photos = ["train", "animals-5", "--mirror", SharedData.Require(""), "--arch", "MobileNetV2", "--images-per-class", "20", "--image-size", "96", "--epochs", "1", "--output", "headed"];
        Assert.Equal(0, _command.Run(photos).ExitCode);
        _command.Run([.. photos[..4], "--from", "headed/model.zip", "--mode", "scratch", "--output", "contrary"]).Complains(2, "--mode is scratch, but headed/model.zip is a head on a pretrained backbone");
        Assert.False(Directory.Exists(_command["contrary"]));
    }

    [Fact]
    public void What_is_typed_and_would_do_nothing_is_a_mistake()
    {
        string[] line = ["train", "fashion-mnist", "--images-per-class", "20", "--epochs", "1", "--output", "unused"];
        _command.Run([.. line, "--weights", "resnet50-imagenet"]).Complains(2, "--weights does nothing here: lenet-5 is trained from scratch");
        var several = _command.Run([.. line, "--unfreeze-from", "layer3", "--head-epochs", "3", "--dropout", "0.5"]);
        _command.Run([.. line, "--unfreeze-layers", "3"]).Complains(2, "--unfreeze-layers does nothing here");
        Assert.All(["--unfreeze-from", "--head-epochs", "--dropout"], option => several.Complains(2, $"{option} does nothing here"));
        _command.Run([.. line, "--from", "run/model.zip", "--arch", "resnet-18"]).Complains(2, "--arch does nothing here: the model that --from names is a lenet-5");
        Assert.False(Directory.Exists(_command["unused"]));
    }

    [Fact]
    public void What_needs_no_images_is_told_before_any_is_read()
    {
        var mirror = SharedData.Require("weights");
        foreach (var (name, sample) in new[] { ("cat", 0), ("dog", 1) })
        {
            Directory.CreateDirectory(_command[$"unread/{name}"]);
            File.Copy(_command[trained.Samples[sample]], _command[$"unread/{name}/1.png"]);
        }

        string[] line = ["train", "unread", "--mirror", mirror, "--output", "early"];
        Complains([.. line, "--arch", "mobilenet-v2", "--mode", "partial", "--unfreeze-from", "layer7"], 2, "--unfreeze-from is 'layer7'", "features.18");
        Complains([.. line, "--arch", "mobilenet-v2", "--mode", "partial", "--unfreeze-from", "features.18", "--unfreeze-layers", "3"], 2, "both say where to begin: choose one");
        Complains([.. line, "--arch", "mobilenet-v3-large", "--weights", Path.Combine(mirror, "mobilenet_v2-imagenet-ptq.safetensors")], 2, "lacks what mobilenet-v3-large needs: features.1.block.0.0.weight, features.1.block.0.1.{weight, bias, running_mean, running_var}, ", "features.16.0.weight, features.16.1.{weight, bias, running_mean, running_var}", " in all)");
        Complains([.. line[..2], .. line[4..], "--arch", "mobilenet-v2"], 1, "mobilenet-v2-imagenet-ptq was not found");

        // Without a name, photos have a pretrained network, and small pictures a small new one.
        Complains([.. line, "--weights", "mobilenet-v2-imagenet-ptq"], 2, "are for mobilenet-v2, not for resnet-50");
        Complains([.. line, "--weights", "mobilenet-v2-imagenet-ptq", "--image-size", "32"], 2, "lenet-5 is trained from scratch");

        void Complains(string[] arguments, int exitCode, params string[] parts)
        {
            var result = _command.Run(arguments);
            result.Complains(exitCode, parts);
            Assert.DoesNotContain("reading", result.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Runs_are_compared_in_one_page_and_told_apart_by_their_folders()
    {
        Assert.Equal(2, (int)_command.Json("report", "run", "run/run.json", "run/", "--output", "both.html")["runs"]!);
        var page = File.ReadAllText(_command["both.html"]);
        Assert.Contains("lenet-5, run<", page, StringComparison.Ordinal);
        Assert.Contains("lenet-5, run/run.json<", page, StringComparison.Ordinal);
    }
}
