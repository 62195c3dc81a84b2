using MLNetCnn.Data;
using MLNetCnn.Runs;
using MLNetCnn.Testing;
using MLNetCnn.Tests.Training;
using MLNetCnn.Tests.Transfer;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Runs;

public sealed class RunExecutorTests(TransferFixture fixture) : IClassFixture<TransferFixture>
{
    [Fact]
    public void A_finished_run_stands_for_its_plan_until_images_settings_or_weights_are_others()
    {
        using var folder = new TemporaryFolder();
        var options = fixture.Options(folder, FineTuning.Frozen) with { Epoch = 1 };
        var weights = folder["own.safetensors"];
        File.Copy(options.Transfer!.Weights!, weights);
        options = options with { Transfer = options.Transfer with { Weights = weights } };
        var plan = new RunPlan { Name = "frozen", Options = options };
        var record = RunExecutor.Execute(plan, fixture.Dataset, folder["run"], SilentMonitor.Instance, TestContext.Current.CancellationToken);

        Assert.True(RunExecutor.IsSame(record, plan, fixture.Dataset));
        Assert.True(RunExecutor.IsSame(RunStore.Load(folder["run"]), plan, fixture.Dataset));
        Assert.False(RunExecutor.IsSame(record, plan with { Options = options with { Seed = 1 } }, fixture.Dataset));
        using (var fewer = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 19, TestImagesPerClass = 5 }))
        {
            Assert.False(RunExecutor.IsSame(record, plan, fewer));
        }

        var bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        Assert.False(RunExecutor.IsSame(record, plan, fixture.Dataset));

        // Weights that are gone say nothing against what was made of them.
        File.Delete(weights);
        Assert.True(RunExecutor.IsSame(record, plan, fixture.Dataset));
    }

    [Fact]
    public void A_run_that_is_stopped_before_it_has_learnt_anything_leaves_what_was_there()
    {
        using var folder = new TemporaryFolder();
        using var dataset = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 20, TestImagesPerClass = 5 });
        var plan = new RunPlan { Name = "lenet", Options = new() { Arch = "lenet-5", Epoch = 2, BatchSize = 20 } };
        RunExecutor.Execute(plan, dataset, folder.Path, SilentMonitor.Instance, TestContext.Current.CancellationToken);
        var model = File.ReadAllBytes(folder[RunStore.ModelFile]);

        using var stop = new CancellationTokenSource();
        var again = plan with { Options = plan.Options with { Seed = 1 } };
        Assert.Throws<OperationCanceledException>(() => RunExecutor.Execute(again, dataset, folder.Path, new StopAfter(0, stop, within: true), stop.Token));
        Assert.Equal(RunStatus.NotRun, RunExecutor.TryExecute(again, dataset, folder.Path, SilentMonitor.Instance, stop.Token).Status);
        Assert.Equal(model, File.ReadAllBytes(folder[RunStore.ModelFile]));
        Assert.Equal((RunStatus.Completed, 0), (RunStore.Load(folder.Path).Status, RunStore.Load(folder.Path).Seed));
    }

    [Fact]
    public void Two_runs_do_not_write_into_one_folder_at_once_and_a_later_one_leaves_nothing_of_the_earlier()
    {
        using var folder = new TemporaryFolder();
        using var dataset = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 20, TestImagesPerClass = 5 });
        var plan = new RunPlan { Name = "lenet", Int8 = true, Options = new() { Arch = "lenet-5", Epoch = 1, BatchSize = 20 } };
        var other = new DuringEpoch(() =>
        {
            var refused = Assert.Throws<ConfigurationException>(() => RunExecutor.Execute(plan, dataset, folder.Path, SilentMonitor.Instance, TestContext.Current.CancellationToken));
            Assert.Equal($"another run is writing to {folder.Path}: wait for its end, or give another folder with --output", refused.Message);
            Assert.Equal((RunStatus.Failed, refused.Message), RunExecutor.TryExecute(plan, dataset, folder.Path, SilentMonitor.Instance, TestContext.Current.CancellationToken) is var record ? (record.Status, record.Reason) : default);
        });
        RunExecutor.Execute(plan, dataset, folder.Path, other, TestContext.Current.CancellationToken);
        Assert.Equal(1, other.Times);
        Assert.Equal((RunStatus.Completed, true), (RunStore.Load(folder.Path).Status, File.Exists(folder[RunStore.Int8ModelFile])));

        RunExecutor.Execute(plan with { Int8 = false }, dataset, folder.Path, SilentMonitor.Instance, TestContext.Current.CancellationToken);
        Assert.Equal(["model.zip", "predictions.safetensors", "run.json"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
    }

    private sealed class DuringEpoch(Action act) : ITrainingMonitor
    {
        public int Times { get; private set; }

        public void OnEpoch(EpochRecord record, int plannedEpochs)
        {
            Times++;
            act();
        }

        public void OnBatch(int epoch, int images, int total)
        {
        }

        public void OnEvent(TrainingEvent trainingEvent)
        {
        }
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData(50, 50)]
    [InlineData(1000, 200)]
    public void The_figures_on_training_images_are_of_all_or_of_some_of_every_class(int? most, int count)
    {
        using var folder = new TemporaryFolder();
        using var dataset = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 20, TestImagesPerClass = 5 });
        var plan = new RunPlan { Name = "lenet", MostTrainImages = most, Options = new() { Arch = "lenet-5", Epoch = 1, ValidationSetFraction = 0 } };

        var record = RunExecutor.Execute(plan, dataset, folder.Path, SilentMonitor.Instance, TestContext.Current.CancellationToken);

        Assert.Equal((count, 50), (record.Train!.Count, record.Test!.Count));
        Assert.All(record.Train.ConfusionMatrix, images => Assert.InRange(images.Sum(), 1, 20));
    }
}
