using System.IO.Compression;

using MLNetCnn.Testing;

namespace MLNetCnn.Cli.Tests;

public sealed class EvaluateTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    private readonly CommandLine _command = trained.Command;

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
        using (var zip = ZipFile.Open(_command["pets.zip"], ZipArchiveMode.Create))
        {
            zip.CreateEntryFromFile(_command["pets/train/cat/1.png"], "pets/cat/1.png");
            zip.CreateEntryFromFile(_command["pets/train/dog/1.png"], "pets/dog/1.png");
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
}
