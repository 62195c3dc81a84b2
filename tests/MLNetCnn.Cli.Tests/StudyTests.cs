using System.Text.Json.Nodes;

namespace MLNetCnn.Cli.Tests;

public sealed class StudyTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public void A_study_is_run_once_and_taken_over_the_second_time()
    {
        command.Write("tiny.json", Study().ToJsonString());
        var first = command.Run("study", "tiny.json", "--output", "out", "--json");
        var answer = first.Json();
        Assert.Equal(["LeNet", "one number"], answer["runs"]!.AsArray().Select(run => (string)run!["name"]!));
        Assert.Contains("37.64", first.Error, StringComparison.Ordinal);
        Assert.All(["out/report.html", "out/model.zip", "out/LeNet/run.json", "out/one number/model.zip"], file => Assert.True(File.Exists(command[file]), file));
        var written = File.GetLastWriteTimeUtc(command["out/LeNet/run.json"]);

        var second = command.Run("study", "tiny.json", "--output", "out", "--json");
        Assert.Equal(answer.ToJsonString(), second.Json().ToJsonString());
        Assert.DoesNotContain("epoch", second.Error, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(command["out/LeNet/run.json"]));

        Assert.Equal(2, (int)command.Json("report", "out", "--output", "out.html")["runs"]!);
    }

    [Fact]
    public void A_killed_study_keeps_its_runs_and_goes_on_inside_the_one_that_was_under_way()
    {
        var study = Study();
        study["runs"]![1]!["training"]!["epoch"] = 300;
        string[] Line(string output) => ["study", command.Write("killed.json", study.ToJsonString()), "--output", output];
        var whole = command.Json(Line("whole"));
        var killed = command.Start(Line("killed"));
        killed.WaitFor("[2/2] one number");
        killed.WaitFor("epoch   3/300");
        killed.KillAtOnce();
        Assert.False(File.Exists(command["killed/one number/run.json"]));
        var made = File.GetLastWriteTimeUtc(command["killed/LeNet/run.json"]);

        var resumed = command.Run([.. Line("killed"), "--json"]);
        Assert.Equal(made, File.GetLastWriteTimeUtc(command["killed/LeNet/run.json"]));
        Assert.Matches("went on after epoch [0-9]+", resumed.Error);
        foreach (var (run, expected) in resumed.Json()["runs"]!.AsArray().Zip(whole["runs"]!.AsArray()))
        {
            Assert.Equal(expected!["train"]!.ToJsonString(), run!["train"]!.ToJsonString());
            Assert.Equal(expected["test"]!.ToJsonString(), run["test"]!.ToJsonString());
        }
    }

    [Fact]
    public void A_run_whose_weights_cannot_be_had_stays_as_not_run_with_the_file_to_bring()
    {
        var study = Study();
        study["runs"]![1] = JsonNode.Parse("""{ "name": "frozen", "training": { "arch": "mobilenet-v2", "fineTuning": "frozen", "imageHeight": 64, "imageWidth": 64 }, "published": { "test": 90 } }""");
        var result = command.Run("study", command.Write("absent.json", study.ToJsonString()), "--output", "absent", "--json");

        var (made, absent) = (result.Json()["runs"]![0]!, result.Json()["runs"]![1]!);
        Assert.Equal(("Completed", "NotRun"), ((string)made["status"]!, (string)absent["status"]!));
        var reason = (string)absent["reason"]!;
        Assert.Contains("mobilenet_v2-imagenet-ptq.safetensors", reason, StringComparison.Ordinal);
        Assert.Contains("--mirror", reason, StringComparison.Ordinal);
        Assert.Contains("mobilenet_v2-imagenet-ptq.safetensors", File.ReadAllText(command["absent/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void With_several_seeds_the_mean_stands_beside_the_published_figure()
    {
        command.Write("seeds.json", Study().ToJsonString());
        var study = command.Run("study", "seeds.json", "--run", "one number", "--seeds", "3", "--output", "seeds", "--json");
        var run = Assert.Single(study.Json()["runs"]!.AsArray())!;
        double[] tests = [.. Enumerable.Range(0, 3).Select(seed => (double)JsonNode.Parse(File.ReadAllText(command[$"seeds/one number/{(seed == 0 ? "" : $"seed-{seed}/")}run.json"]))!["test"]!["microAccuracy"]!)];

        Assert.Equal(tests, run["seeds"]!["each"]!.AsArray().Select(seed => (double)seed!["test"]!));
        Assert.Equal(tests.Average(), (double)run["seeds"]!["test"]!["mean"]!, 1e-12);
        Assert.Equal(tests.Average() - 0.3764, (double)run["published"]!["difference"]!, 1e-12);
        Assert.Equal(tests.Order().ElementAt(1), (double)run["test"]!["microAccuracy"]!);
        Assert.Equal(run["model"]!.ToString(), $"seeds/one number/{((int)run["seed"]! == 0 ? "" : $"seed-{run["seed"]}/")}model.zip");
        var spread = FormattableString.Invariant($"{100 * tests.Average():0.00} ({100 * tests.Min():0.00}–{100 * tests.Max():0.00})");
        Assert.Contains(spread, study.Error, StringComparison.Ordinal);

        var report = command.Run("report", "seeds", "--output", "seeds.html", "--json");
        Assert.Equal(1, (int)report.Json()["runs"]!);
        Assert.Contains(spread, report.Error, StringComparison.Ordinal);
        Assert.Contains(spread, command.Run("report", "seeds/one number", "--output", "seeds.html").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_run_is_made_once_before_any_is_repeated()
    {
        var study = command.Run("study", command.Write("order.json", Study().ToJsonString()), "--seeds", "2", "--output", "order", "--json");
        string[] headings = ["[1/4] LeNet seed 0", "[2/4] one number seed 0", "[3/4] LeNet seed 1", "[4/4] one number seed 1"];
        Assert.Equal(headings, study.Error.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith('[')));
    }

    [Fact]
    public void Every_wrong_setting_of_a_study_file_is_named_with_its_run()
    {
        var study = Study();
        study["runs"]![0]!["training"]!["arch"] = "lenet-6";
        study["runs"]![0]!["training"]!["batchSize"] = -1;
        study["runs"]![1]!["training"]!["optimizer"] = new JsonObject { ["kind"] = "adm" };
        var result = command.Run("study", command.Write("wrong.json", study.ToJsonString()), "--output", "wrong");
        result.Complains(2, "wrong.json: run 'LeNet': there is no architecture 'lenet-6'", "did you mean 'lenet-5'");
        result.Complains(2, "wrong.json: run 'LeNet': batchSize is -1");
        result.Complains(2, "wrong.json: run 'one number': $.optimizer.kind: give one of sgd, adam");
        Assert.False(Directory.Exists(command["wrong"]));
    }

    [Fact]
    public void A_network_that_the_images_are_too_small_for_is_named_before_anything_is_loaded()
    {
        var study = Study();
        study["runs"]![1]!["training"]!["arch"] = "vgg-16";
        study["runs"]![1]!["training"]!["fineTuning"] = "scratch";
        command.Run("study", command.Write("small.json", study.ToJsonString()), "--output", "small")
            .Complains(2, "run 'one number': images are 28×28×1: vgg-16 takes at least 32×32 pixels");
        Assert.False(Directory.Exists(command["small"]));
    }

    [Theory]
    [InlineData("titel", "\"Tiny\"", "wrong-field.json: 'titel' is no field here")]
    [InlineData("training", "{ \"batchSize\": \"many\" }", "run 'LeNet': $.batchSize: give a whole number")]
    [InlineData("dataset", "\"fashion\"", "unknown dataset 'fashion', did you mean 'fashion-mnist'?")]
    [InlineData("runs", "[{ \"name\": \"../out\" }]", "the run '../out' can't have a folder of its name")]
    public void A_wrong_field_of_a_study_file_is_named_without_the_names_of_types(string field, string value, string words)
    {
        var study = Study();
        study[field] = JsonNode.Parse(value);
        command.Run("study", command.Write("wrong-field.json", study.ToJsonString()), "--output", "wrong").Complains(2, words);
        Assert.False(Directory.Exists(command["wrong"]));
    }

    private static JsonObject Study() => JsonNode.Parse(
        """
        {
          "name": "tiny", "title": "Tiny", "description": "Two networks, one epoch.", "dataset": "fashion-mnist",
          "training": { "batchSize": 50, "epoch": 1, "learningRate": 0.01, "optimizer": { "kind": "adam" } },
          "profiles": { "full": { "trainImagesPerClass": 50 } },
          "runs": [
            { "name": "LeNet", "training": { "arch": "lenet-5" } },
            { "name": "one number", "training": { "arch": "convnn-7" }, "published": { "test": 37.64, "parameters": 1995 } }
          ]
        }
        """)!.AsObject();
}
