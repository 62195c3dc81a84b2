using System.Diagnostics;
using System.Text.Json.Nodes;

using MLNetCnn.Testing;

namespace MLNetCnn.Cli.Tests;

public sealed class SweepTests : IClassFixture<CommandLine>
{
    private readonly CommandLine _command;

    public SweepTests(CommandLine command)
    {
        _command = command;
        command.Write("space.json", """
            { "options": {
                "arch": { "kind": "choice", "choices": ["lenet-5", "convnn-1"] },
                "learningRate": { "kind": "double", "min": 1e-4, "max": 0.02, "logBase": true, "init": 0.001 },
                "epoch": { "kind": "choice", "choices": [2, 4] } } }
            """);
    }

    [Fact]
    public void A_sweep_leaves_a_model_that_predicts_and_a_report_of_every_trial()
    {
        var answer = _command.Json(Line("whole", "--trials", "6"));

        Assert.Equal(6, (int)answer["trials"]!["finished"]! + (int)answer["trials"]!["pruned"]!);
        var best = Trials("whole").Where(trial => (string)trial!["state"]! == "finished").MaxBy(trial => (double)trial!["accuracy"]!)!;
        Assert.Equal((double)best["accuracy"]!, (double)answer["validation"]!["microAccuracy"]!, 1e-9);
        Assert.Contains("All 6 trials", File.ReadAllText(_command["whole/report.html"]), StringComparison.Ordinal);
        var sample = (string)_command.Json("data", "samples", "fashion-mnist", "--count", "1")["files"]![0]!;
        Assert.Equal(0, _command.Run("predict", "whole/model.zip", sample).ExitCode);
        if ((string?)answer["ensemble"]?["model"] is { } vote)
        {
            Assert.Contains("members   trial-", _command.Run("inspect", vote).Out, StringComparison.Ordinal);
            Assert.Equal((double)answer["ensemble"]!["test"]!, (double)_command.Json("evaluate", vote, "fashion-mnist")["test"]!["microAccuracy"]!, 0.001);
        }

        _command.Run(Line("whole", "--trials", "6")).Complains(2, "whole", "--resume");
        _command.Run(Line("whole", "--trials", "8", "--resume", "--images-per-class", "50")).Complains(2, "whole", "other settings");
    }

    [Fact]
    public void A_sweep_without_a_space_trains_heads_on_the_backbones_at_hand()
    {
        PythonOracle.Run(
            """
            import tarfile, os, collections
            taken = collections.Counter()
            with tarfile.open(inputs['archive']) as archive:
                for member in archive:
                    part, label, name = ([''] * 3 + member.name.split('/'))[-3:]
                    if member.isfile() and part == 'train' and taken[label] < 12:
                        taken[label] += 1
                        os.makedirs(inputs['folder'] + '/' + label, exist_ok=True)
                        with open(inputs['folder'] + '/' + label + '/' + name, 'wb') as file:
                            file.write(archive.extractfile(member).read())
            outputs = {'taken': sum(taken.values())}
            """,
            new() { ["archive"] = SharedData.Require("animals-5.tar.gz"), ["folder"] = _command["photographs"] });
        string[] line = ["sweep", "photographs", "--mirror", SharedData.Require(""), "--trials", "4", "--finalists", "1", "--device", "cpu", "--no-refit", "--output", "photos"];
        var answer = _command.Start([.. line, "--json"], WeightsTests.OwnCache).Finish().Json();
        Assert.Equal((0, false), ((int)answer["trials"]!["failed"]!, (bool)answer["refit"]!));
        Assert.InRange((double)answer["test"]!["microAccuracy"]!, 0.8, 1);
        var trials = Trials("photos");
        Assert.Contains(trials, trial => (string)trial!["parameter"]!["fineTuning"]! == "frozen");

        // What was best there is tried first, after the default, in a sweep that begins warm.
        line[^1] = "warm";
        var best = trials.Where(trial => (string)trial!["state"]! == "finished").MinBy(trial => (double)trial!["loss"]!)!["parameter"]!;
        _command.Start([.. line, "--warm-start", "photos", "--json"], WeightsTests.OwnCache).Finish().Json();
        Assert.Contains(Trials("warm").Take(4), trial => JsonNode.DeepEquals(best, trial!["parameter"]));
    }

    [Fact]
    public void A_sweep_that_was_killed_goes_on_and_ends_as_one_that_was_not()
    {
        var whole = _command.Json(Line("calm", "--trials", "7", "--pruner", "none"));
        var killed = _command.Start(Line("killed", "--trials", "7", "--pruner", "none"));
        killed.WaitFor("trial    2");
        killed.KillAtOnce();

        var resumed = _command.Json(Line("killed", "--trials", "7", "--pruner", "none", "--resume"));

        Assert.Equal(7, (int)resumed["trials"]!["finished"]!);
        Assert.Equal(
            Trials("calm").Select(trial => (trial!["parameter"]!.ToJsonString(), (double)trial["accuracy"]!)),
            Trials("killed").Select(trial => (trial!["parameter"]!.ToJsonString(), (double)trial["accuracy"]!)));
        Assert.Equal(whole["test"]!.ToJsonString(), resumed["test"]!.ToJsonString());

        // What was finished is not run again; what was under way is, once.
        var attempts = Numbers("killed", "SELECT attempt FROM mlnetcnn_trials ORDER BY number");
        Assert.Equal((float[])[1, 1, 1], attempts[..3]);
        Assert.InRange(attempts.Sum(), 7, 8);
    }

    [Fact]
    public void A_trial_that_was_killed_goes_on_from_its_checkpoint()
    {
        const string Seconds = "SELECT seconds FROM mlnetcnn_reports ORDER BY step";
        _command.Write("one.json", """{ "options": { "arch": { "kind": "choice", "choices": ["lenet-5"] }, "epoch": { "kind": "choice", "choices": [60] } } }""");
        string[] line = ["sweep", "fashion-mnist", "--space", "one.json", "--workers", "1", "--trials", "1", "--images-per-class", "200", "--output", "long"];
        var killed = _command.Start(line);
        killed.WaitFor("sweep of");
        killed.WaitUntil(() => Numbers("long", Seconds).Length >= 5);

        killed.KillAtOnce();
        var before = Numbers("long", Seconds);
        _command.Json([.. line, "--resume"]);

        // An epoch that is run again is reported again, with other seconds.
        var after = Numbers("long", Seconds);
        Assert.Equal(60, after.Length);
        Assert.InRange(before.Length, 5, 59);
        var kept = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.InRange(kept, 1, before.Length);
    }

    // Processes of its own are told by the sweep, whatever it was sent: from outside of a terminal they get no signal.
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM", "--isolate")]
    public void A_signal_in_the_first_trial_leaves_what_it_had_learnt(string signal, params string[] options)
    {
        _command.Write("endless.json", """{ "options": { "arch": { "kind": "choice", "choices": ["lenet-5"] }, "epoch": { "kind": "choice", "choices": [100000] } } }""");
        var folder = $"stopped-{signal}";
        string[] line = ["sweep", "fashion-mnist", "--space", "endless.json", "--workers", "1", "--trials", "1", "--images-per-class", "100", "--output", folder, .. options];
        var sweep = _command.Start(line);
        sweep.WaitFor("sweep of");
        sweep.WaitUntil(() => Numbers(folder, "SELECT step FROM mlnetcnn_reports").Length >= 5);

        sweep.Send(signal);
        var result = sweep.Finish();

        Assert.Equal(130, result.ExitCode);
        Assert.Contains("the sweep was stopped before any trial was whole: this is what trial-0 had learnt", File.ReadAllText(_command[$"{folder}/report.html"]), StringComparison.Ordinal);
        var sample = (string)_command.Json("data", "samples", "fashion-mnist", "--count", "1")["files"]![0]!;
        Assert.Equal(0, _command.Run("predict", $"{folder}/model.zip", sample).ExitCode);
        Assert.Equal([0f], Numbers(folder, "SELECT attempt FROM mlnetcnn_trials"));
    }

    [Fact]
    public void What_no_trial_got_past_is_tried_again_when_it_is_mended()
    {
        _command.Write("absent.json", """{ "options": { "arch": { "kind": "choice", "choices": ["mobilenet-v2"] }, "imageSize": { "kind": "choice", "choices": [64] }, "learningRate": { "kind": "double", "min": 1e-3, "max": 1e-2 } } }""");
        string[] line = ["sweep", "fashion-mnist", "--space", "absent.json", "--trials", "2", "--images-per-class", "20", "--no-refit", "--output", "mended"];
        _command.Run(line).Complains(1, "no trial of 2 gave a model", "mobilenet_v2-imagenet-ptq");

        var answer = _command.Json([.. line, "--resume", "--mirror", MLNetCnn.Testing.SharedData.Require("")]);

        Assert.Equal((2, 0), ((int)answer["trials"]!["finished"]!, (int)answer["trials"]!["failed"]!));
    }

    [Fact]
    public void Trials_run_in_a_process_of_their_own_and_another_takes_over_where_it_dies()
    {
        var sweep = _command.Start(Line("apart", "--trials", "4", "--pruner", "none", "--isolate"));
        sweep.WaitFor("trial    0");
        var first = sweep.Child();
        using (var kill = Process.Start("kill", ["-KILL", first]))
        {
            kill.WaitForExit();
        }

        var result = sweep.Finish();

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("another takes its place", result.Out, StringComparison.Ordinal);
        Assert.All(Trials("apart"), trial => Assert.Equal("finished", (string?)trial!["state"]));
        var processes = Processes("apart");
        Assert.Equal([first, processes[^1]], processes.Distinct());
        Assert.DoesNotContain($"{sweep.Id}", processes);

        // Workers go by the numbers that are given now.
        _command.Json(Line("apart", "--trials", "6", "--pruner", "none", "--isolate", "--resume"));
        Assert.Equal(6, Trials("apart").Count);
    }

    [Fact]
    public void A_worker_that_joins_takes_its_part_of_the_trials()
    {
        var sweep = _command.Start(Line("shared", "--trials", "24", "--pruner", "none"));
        sweep.WaitFor("trial    0");
        var joined = _command.Run("worker", "--store", "shared/trials.db", "--output", "elsewhere");

        Assert.Equal((0, 0), (joined.ExitCode, sweep.Finish().ExitCode));
        Assert.Equal(24, Trials("shared").Count);
        Assert.Equal(2, Processes("shared").Distinct().Count());
        Assert.Contains($"this worker did {Processes("shared").Count(process => process != $"{sweep.Id}")} trial", joined.Out, StringComparison.Ordinal);
        Assert.Contains("nothing was left to do", _command.Run("worker", "--store", "shared/trials.db", "--output", "elsewhere").Out, StringComparison.Ordinal);
        _command.Run("worker", "--store", "nothing.db").Complains(2, "nothing.db", "mlnetcnn sweep");
    }

    [Fact]
    public void A_budget_too_small_for_one_trial_gives_what_it_had_learnt_by_then()
    {
        _command.Write("long.json", """{ "options": { "arch": { "kind": "choice", "choices": ["lenet-5"] }, "epoch": { "kind": "choice", "choices": [100000] } } }""");
        var answer = _command.Json("sweep", "fashion-mnist", "--space", "long.json", "--workers", "1", "--budget", "15s", "--images-per-class", "100", "--output", "short");

        Assert.Equal(1, (int)answer["trials"]!["pruned"]!);
        Assert.InRange((double)answer["seconds"]!, 10, 20);
        Assert.True((double)answer["test"]!["microAccuracy"]! > 0.3);
        Assert.Contains("the budget ended before any trial was whole", File.ReadAllText(_command["short/report.html"]), StringComparison.Ordinal);
        var sample = (string)_command.Json("data", "samples", "fashion-mnist", "--count", "1")["files"]![0]!;
        Assert.Equal(0, _command.Run("predict", "short/model.zip", sample).ExitCode);
    }

    [Fact]
    public void Mistakes_are_told_before_anything_is_loaded()
    {
        _command.Run("sweep", "fashion-mnist", "--budget", "soon").Complains(2, "--budget", "'soon'", "10m");
        _command.Run("sweep", "fashion-mnist", "--tuner", "luck", "--output", "wrong").Complains(2, "--tuner", "'luck'", "tpe");
        _command.Write("wrong.json", """{ "options": { "learningRate": { "kind": "double", "min": 2, "max": 1 } } }""");
        _command.Run("sweep", "fashion-mnist", "--space", "wrong.json", "--output", "wrong").Complains(2, "wrong.json", "learningRate");
        _command.Write("seeds.json", """{ "options": { "seed": { "kind": "choice", "choices": [0, 1] }, "validationSetFraction": { "kind": "choice", "choices": [0.1, 0.2] } } }""");
        var seeds = _command.Run("sweep", "fashion-mnist", "--space", "seeds.json", "--output", "wrong");
        seeds.Complains(2, "varies 'seed'", "the same ones");
        seeds.Complains(2, "varies 'validationSetFraction'", "the same ones");
        Assert.False(Directory.Exists(_command["wrong"]));
    }

    private float[] Numbers(string output, string query) => PythonOracle.Floats(PythonOracle.Run(
        """
        import os, sqlite3
        with sqlite3.connect('file:' + inputs['path'] + '?mode=ro', uri=True) as store:
            tables = store.execute("SELECT count(*) FROM sqlite_master WHERE name = 'mlnetcnn_reports'").fetchone()[0] if os.path.exists(inputs['path']) else 0
            outputs = {'rows': np.array([row[0] for row in store.execute(inputs['query'])] if tables else [], np.float32)}
        """,
        new() { ["path"] = _command[$"{output}/trials.db"], ["query"] = query })["rows"]);

    // A worker's name is machine/process/number.
    private string[] Processes(string output) => [.. Trials(output).Select(trial => ((string)trial!["worker"]!).Split('/')[1])];

    private static string[] Line(string output, params string[] more) =>
        ["sweep", "fashion-mnist", "--space", "space.json", "--workers", "1", "--seed", "3", "--output", output, .. more.Contains("--images-per-class") ? more : [.. more, "--images-per-class", "100"]];

    private JsonArray Trials(string output) => (JsonArray)JsonNode.Parse(File.ReadAllText(_command[$"{output}/sweep.json"]))!["trials"]!;
}
