using MLNetCnn.Augmentation;
using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

public sealed class HandleTests
{
    [Theory]
    [InlineData("lenet-5")] // shared between copies of the network
    [InlineData("resnet-18")]
    public void Training_leaves_no_tensor_behind_from_epoch_to_epoch(string arch)
    {
        using var dataset = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 8, TestImagesPerClass = 4 });
        var options = new ImageClassificationTrainer.Options
        {
            Arch = arch,
            ArchSettings = arch == "lenet-5" ? null : new(new() { ["width"] = 8 }),
            FineTuning = FineTuning.Scratch,
            BatchSize = 16,
            Epoch = 8,
            Optimizer = new() { Kind = OptimizerKind.AdamW },
            WeightAverage = 0.9,
            GradientClipping = 1,
            GradientAccumulation = 2,
            Augmentation = new() { Transforms = [new RandomHorizontalFlip(), new MixUp()] },
            Device = "cpu",
        };
        var handles = new Handles();
        NetworkTrainer.Train(options.Applied(), dataset.Train, dataset.Test, handles, TestContext.Current.CancellationToken).Dispose();
        Assert.Equal(8, handles.Live.Count);
        Assert.Equal(Enumerable.Repeat(handles.Live[1], 7), handles.Live.Skip(1));
    }

    private sealed class Handles : ITrainingMonitor
    {
        public List<long> Live { get; } = [];

        public void OnEpoch(EpochRecord record, int plannedEpochs) => Live.Add(live_handles);

        public void OnBatch(int epoch, int images, int total)
        {
        }

        public void OnEvent(TrainingEvent trainingEvent)
        {
        }
    }
}
