using System.Text.Json.Nodes;

namespace MLNetCnn.Cli.Tests;

public sealed class PredictTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    private readonly CommandLine _command = trained.Command;

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
        var unset = _command.Run("predict", "run/model.zip", "", trained.Samples[0]);
        unset.Complains(1, "an empty path: give an image or a folder");
        Assert.Contains(trained.Samples[0], unset.Out, StringComparison.Ordinal);
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
}
