using System.Globalization;
using System.Text.Json.Nodes;

using MLNetCnn.Testing;

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

    [Fact]
    public void Evaluating_the_model_gives_the_accuracy_that_training_measured()
    {
        var measured = _command.Json("evaluate", "run/model.zip", "fashion-mnist")["test"]!;
        foreach (var figure in new[] { "microAccuracy", "macroAccuracy", "logLoss" })
        {
            Assert.Equal((double)trained.Training.Json()["test"]![figure]!, (double)measured[figure]!, 1e-6);
        }
    }

    [Fact]
    public void A_model_of_another_size_than_the_dataset_is_evaluated_as_it_was_trained()
    {
        var shared = SharedData.Require("");
        var trained = _command.Json("train", "animals-5", "--mirror", shared, "--arch", "MobileNetV2", "--images-per-class", "20", "--image-size", "160", "--epochs", "5", "--output", "larger");
        var measured = _command.Json("evaluate", "larger/model.zip", "animals-5", "--mirror", shared);
        Assert.Equal((double)trained["test"]!["logLoss"]!, (double)measured["test"]!["logLoss"]!, 0.01);
        Assert.Equal((double)trained["test"]!["microAccuracy"]!, (double)measured["test"]!["microAccuracy"]!, 0.004);
    }

    [Fact]
    public void A_model_is_quantized_and_compared_with_itself()
    {
        Directory.CreateDirectory(_command["quantized"]);
        File.Copy(_command["run/model.zip"], _command["quantized/model.zip"]);
        var answer = _command.Json("quantize", "quantized/model.zip", "fashion-mnist", "--images", "50", "--max-loss", "2");
        Assert.Equal(("test", 10_000, 50, "quantized/model-int8.zip"), ((string)answer["part"]!, (int)answer["images"]!, (int)answer["calibrationImages"]!, (string)answer["model"]!));
        var (whole, int8) = ((double)answer["float"]!["microAccuracy"]!, (double)answer["int8"]!["microAccuracy"]!);
        Assert.Equal((double)trained.Training.Json()["test"]!["microAccuracy"]!, whole, 1e-6);
        Assert.InRange(int8, whole - 0.01, whole + 0.01);
        Assert.True((double)answer["int8"]!["graphBytes"]! < 0.4 * (double)answer["float"]!["graphBytes"]!);
        Assert.Equal((bool)answer["wins"]!, ((string)answer["verdict"]!).StartsWith("int8 wins here", StringComparison.Ordinal));
        Assert.Equal(int8, (double)_command.Json("evaluate", "quantized/model-int8.zip", "fashion-mnist")["test"]!["microAccuracy"]!, 1e-6);
        Assert.Contains("lenet-5, int8", _command.Run("inspect", "quantized/model-int8.zip").Out, StringComparison.Ordinal);
        Assert.Equal(0, _command.Run("predict", "quantized/model-int8.zip", trained.Samples[0]).ExitCode);

        _command.Run("quantize", "quantized/model-int8.zip", "fashion-mnist").Complains(2, "model-int8.zip: the model is quantized already");
        _command.Run("quantize", "quantized/model.zip", "fashion-mnist", "--output", "quantized/model.zip").Complains(2, "--output is quantized/model.zip, the model itself");
        _command.Run("quantize", "quantized/model.zip", "fashion-mnist", "--coverage", "2").Complains(2, "--coverage is 2");
        _command.Run("train", "fashion-mnist", "--from", "quantized/model-int8.zip").Complains(2, "quantized/model-int8.zip is quantized");
    }

    [Fact]
    public void Predicting_names_every_image_and_those_that_are_none()
    {
        _command.Write("letter.png", "Dear reader");
        Directory.CreateDirectory(_command["empty"]);
        string[] line = ["predict", "run/model.zip", .. trained.Samples, "letter.png", "missing.png", "empty"];
        var result = _command.Run(line);
        result.Complains(1, "letter.png");
        result.Complains(1, "missing.png: there is no such file");
        result.Complains(1, "empty: no image in this folder can be read");
        Assert.Equal(3, result.Out.TrimEnd('\n').Split('\n').Length);
        var predictions = JsonNode.Parse(_command.Run([.. line, "--json"]).Out)!["predictions"]!.AsArray();
        Assert.Equal([.. trained.Samples, "letter.png", "missing.png", "empty"], predictions.Select(prediction => (string)prediction!["image"]!));
        Assert.All(predictions.Take(3), prediction => Assert.InRange((double)prediction!["probability"]!, 0.1, 1));
        Assert.All(predictions.Skip(3), prediction => Assert.NotNull(prediction!["error"]));
    }

    [Fact]
    public void Of_a_folder_every_image_is_named_in_the_order_of_their_names()
    {
        string[] samples = [.. trained.Samples.Select(sample => _command[sample])];
        foreach (var copy in Enumerable.Range(0, 20))
        {
            Directory.CreateDirectory(_command[$"many/{copy:00}"]);
            File.Copy(samples[copy % samples.Length], _command[$"many/{copy:00}/image.PNG"]);
        }

        _command.Write("many/notes.txt", "No image");
        var predictions = _command.Json("predict", "run/model.zip", "many")["predictions"]!.AsArray();

        Assert.Equal(Enumerable.Range(0, 20).Select(copy => $"many/{copy:00}/image.PNG"), predictions.Select(prediction => (string)prediction!["image"]!));
        var alone = _command.Json(["predict", "run/model.zip", .. trained.Samples])["predictions"]!.AsArray();
        Assert.All(predictions.Index(), prediction =>
            Assert.Equal((double)alone[prediction.Index % samples.Length]!["probability"]!, (double)prediction.Item!["probability"]!, 1e-6));

        File.CreateSymbolicLink(_command["many/07/gone.png"], "nowhere.png");
        var failed = _command.Run("predict", "run/model.zip", "many", "--json");
        Assert.Contains("mlnetcnn: many: 07/gone.png is a link that leads nowhere", failed.Error, StringComparison.Ordinal);
        var named = JsonNode.Parse(failed.Out)!;
        Assert.Equal((1, 20, 1), (failed.ExitCode, named["predictions"]!.AsArray().Count, (int)named["failures"]!));
    }

    [Fact]
    public void The_language_of_the_machine_changes_no_figure()
    {
        string[] line = ["predict", "run/model.zip", .. trained.Samples];
        var german = _command.Start(line, new Dictionary<string, string> { ["LC_ALL"] = "de_DE.UTF-8", ["LANG"] = "de_DE.UTF-8" }).Finish();
        Assert.Equal(_command.Run(line), german);
        Assert.Matches(@"Ankle boot \d+\.\d%", german.Out);
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

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(1, true)]
    public void A_damaged_model_is_refused_by_name(double share, bool flip)
    {
        var bytes = File.ReadAllBytes(_command["run/model.zip"]);
        if (flip)
        {
            bytes[bytes.Length / 2] ^= 1;
        }

        File.WriteAllBytes(_command["damaged.zip"], bytes[..(int)(share * bytes.Length)]);
        _command.Run("predict", "damaged.zip", trained.Samples[0]).Complains(1, "damaged.zip: ", "Copy or download the file again");
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
    public void A_model_of_other_classes_is_not_evaluated()
    {
        foreach (var (name, sample) in new[] { ("cat", 0), ("dog", 1) })
        {
            Directory.CreateDirectory(_command[$"pets/test/{name}"]);
            Directory.CreateDirectory(_command[$"pets/train/{name}"]);
            File.Copy(_command[trained.Samples[sample]], _command[$"pets/test/{name}/1.png"]);
            File.Copy(_command[trained.Samples[sample]], _command[$"pets/train/{name}/1.png"]);
        }

        var inspected = _command.Run("inspect", "run/model.zip", "--shape", "9x9", "--classes", "5");
        inspected.Complains(2, "--shape does nothing here");
        inspected.Complains(2, "--classes does nothing here");
        using (var zip = System.IO.Compression.ZipFile.Open(_command["pets.zip"], System.IO.Compression.ZipArchiveMode.Create))
        {
            System.IO.Compression.ZipFileExtensions.CreateEntryFromFile(zip, _command["pets/train/cat/1.png"], "pets/cat/1.png");
            System.IO.Compression.ZipFileExtensions.CreateEntryFromFile(zip, _command["pets/train/dog/1.png"], "pets/dog/1.png");
        }

        Assert.Equal("zipped.png", (string)_command.Json("data", "augment", "pets.zip", "--grid", "zipped.png")["file"]!);
        _command.Run("evaluate", "run/model.zip", "pets").Complains(2, "run/model.zip does not know cat, dog; it knows T-shirt/top", "and 5 more");
    }

    [Fact]
    public void Images_of_some_of_the_classes_are_evaluated_the_test_images_or_all()
    {
        foreach (var (name, sample) in new[] { ("T-shirt/top", 0), ("Trouser", 1) })
        {
            var folder = _command[$"some/{name.Replace('/', '-')}"];
            Directory.CreateDirectory(folder);
            for (var i = 0; i < 5; i++)
            {
                File.Copy(_command[trained.Samples[sample]], Path.Combine(folder, $"{i}.png"));
            }
        }

        _command.Run("evaluate", "run/model.zip", "some").Complains(2, "does not know T-shirt-top; it knows T-shirt/top");
        File.WriteAllText(
            _command["some/some.csv"],
            "path,label\n" + string.Concat(Enumerable.Range(0, 5).Select(i => $"T-shirt-top/{i}.png,T-shirt/top\nTrouser/{i}.png,Trouser\n")));
        var tested = _command.Run("evaluate", "run/model.zip", "some/some.csv");
        Assert.Matches("2 test images of 10, the others were there to learn from", tested.Out);
        Assert.Equal(10, (int)_command.Json("evaluate", "run/model.zip", "some/some.csv", "--all")["all"]!["count"]!);
    }

    [Fact]
    public void What_is_typed_and_would_do_nothing_is_a_mistake()
    {
        string[] line = ["train", "fashion-mnist", "--images-per-class", "20", "--epochs", "1", "--output", "unused"];
        _command.Run([.. line, "--weights", "resnet50-imagenet"]).Complains(2, "--weights does nothing here: lenet-5 is trained from scratch");
        var several = _command.Run([.. line, "--unfreeze-from", "layer3", "--head-epochs", "3", "--dropout", "0.5"]);
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
        Complains([.. line, "--arch", "mobilenet-v3-large", "--weights", Path.Combine(mirror, "mobilenet_v2-imagenet-ptq.safetensors")], 2, "lacks what mobilenet-v3-large needs: features.1.block.0.0.weight, ", "more");
        Complains([.. line[..2], .. line[4..], "--arch", "mobilenet-v2"], 1, "mobilenet-v2-imagenet-ptq was not found");

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
