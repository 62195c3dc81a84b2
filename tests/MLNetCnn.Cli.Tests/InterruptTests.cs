using System.Text.Json.Nodes;

namespace MLNetCnn.Cli.Tests;

public sealed class InterruptTests(CommandLine command) : IClassFixture<CommandLine>
{
    private const int Cancelled = 130;

    [Fact]
    public void Ctrl_C_ends_the_training_and_keeps_the_best_model_so_far()
    {
        var training = command.Start(["train", "fashion-mnist", "--epochs", "100000", "--images-per-class", "50", "--output", "stopped"]);
        training.WaitFor("epoch   1/100000");
        training.SendInterrupt();
        var result = training.Finish();
        Assert.Equal(Cancelled, result.ExitCode);
        Assert.Contains("stopping: keeping the best model so far", result.Out, StringComparison.Ordinal);
        Assert.Equal("cancelled", (string?)JsonNode.Parse(File.ReadAllText(command["stopped/run.json"]))!["status"]);

        var sample = (string)command.Json("data", "samples", "fashion-mnist", "--count", "1")["files"]![0]!;
        Assert.Equal(0, command.Run("predict", "stopped/model.zip", sample).ExitCode);
    }

    [Fact]
    public void Ctrl_C_keeps_the_head_of_a_frozen_backbone_too()
    {
        var training = command.Start(["train", "animals-5", "--mirror", MLNetCnn.Testing.SharedData.Require(""), "--arch", "mobilenet-v2", "--epochs", "100000", "--images-per-class", "10", "--image-size", "64", "--output", "head"]);
        training.WaitFor("epoch   5/100000");
        training.SendInterrupt();
        Assert.Equal(Cancelled, training.Finish().ExitCode);
        Assert.True(File.Exists(command["head/model.zip"]));
        Assert.Equal("cancelled", (string?)JsonNode.Parse(File.ReadAllText(command["head/run.json"]))!["status"]);
    }

    // oneDNN multiplies matrices with the stack pointer in the heap: a signal that came meanwhile left the heap in ruins.
    [Fact]
    public void Signals_do_a_training_no_harm()
    {
        var training = command.Start(["train", "animals-5", "--mirror", MLNetCnn.Testing.SharedData.Require(""), "--arch", "mobilenet-v2", "--epochs", "100000", "--images-per-class", "10", "--image-size", "64", "--output", "continued"]);
        for (var signals = 0; signals < 100; signals++)
        {
            training.WaitFor("/100000");
            training.Send("CONT");
        }

        training.SendInterrupt();
        Assert.Equal(Cancelled, training.Finish().ExitCode);
    }

    // What a pass has written by then is used, and what it has not is computed: by two processes at once, here.
    [Fact]
    public void Processes_that_are_killed_while_a_frozen_part_runs_leave_nothing_wrong_in_the_cache()
    {
        string[] Line(string output) => ["train", "animals-5", "--mirror", MLNetCnn.Testing.SharedData.Require(""), "--arch", "mobilenet-v2", "--epochs", "5", "--images-per-class", "60", "--image-size", "192", "--output", output, "--json"];
        Dictionary<string, string> Cache(string name) => new() { ["MLNETCNN_CACHE"] = command[name] };
        byte[] Done() => Directory.Exists(command["interrupted/activations"]) && Directory.GetFiles(command["interrupted/activations"], "*.done") is [var marks] ? File.ReadAllBytes(marks) : [];
        var killed = command.Start(Line("half"), Cache("interrupted"));
        killed.WaitUntil(() => Done().Contains((byte)1));
        killed.KillAtOnce();
        Assert.InRange(Done().Count(row => row == 1), 1, 299);

        var both = new[] { "one", "other" }.Select(output => command.Start(Line(output), Cache("interrupted"))).ToList().ConvertAll(running => running.Finish().Json());
        var whole = command.Start(Line("undisturbed"), Cache("whole")).Finish().Json();
        foreach (var part in new[] { "train", "validation", "test" })
        {
            Assert.All(both, answer => Assert.Equal(whole[part]!.ToJsonString(), answer[part]!.ToJsonString()));
        }
    }

    [Fact]
    public void A_killed_training_goes_on_and_ends_with_the_figures_of_one_that_was_not()
    {
        string[] Line(string output) => ["train", "fashion-mnist", "--epochs", "8", "--images-per-class", "200", "--seed", "7", "--output", output];
        var whole = command.Json(Line("whole"));
        var training = command.Start(Line("killed"));
        training.WaitFor("epoch   3/8");
        training.KillAtOnce();
        Assert.False(File.Exists(command["killed/model.zip"]));

        var resumed = command.Run([.. Line("killed"), "--json"]);
        Assert.Matches("went on after epoch [1-7]", resumed.Error);
        foreach (var part in new[] { "train", "validation", "test" })
        {
            Assert.Equal(whole[part]!.ToJsonString(), resumed.Json()[part]!.ToJsonString());
        }
    }
}
