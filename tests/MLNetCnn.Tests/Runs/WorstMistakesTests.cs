using System.Text.Json;
using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Runs;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Runs;

public sealed class WorstMistakesTests
{
    [Fact]
    public void Mistakes_show_what_the_network_looked_at_where_it_looks_at_places()
    {
        using var dataset = DatasetLoader.Load("fashion-mnist", new DatasetLoadOptions { TrainImagesPerClass = 20, TestImagesPerClass = 10 });
        foreach (var (architecture, looks) in new[] { ("lenet-5", true), ("mlp", false) })
        {
            var heard = new Listener();
            var trained = NetworkTrainer.Train(new() { Arch = architecture, Epoch = 1 }, dataset.Train, null, heard, CancellationToken.None);
            var images = new NamedImages(dataset.Test!, trained.Probabilities(dataset.Test!));

            var mistakes = WorstMistakes.Find(trained, images, 5, heard);

            Assert.Equal(5, mistakes.Count);
            Assert.Equal(mistakes.OrderByDescending(mistake => mistake.Probability), mistakes);
            Assert.All(mistakes, mistake => Assert.Equal(looks, mistake.Attention is not null));
            Assert.Empty(heard.Warnings);
            if (looks)
            {
                Assert.All(mistakes, mistake => Assert.Equal((28, 28), Size(mistake.Attention!)));
                Assert.All(mistakes, mistake => Assert.False(MLImage.Decode(mistake.Image).Pixels.SequenceEqual(MLImage.Decode(mistake.Attention!).Pixels)));
            }

            // A network that is gone cannot be asked any more; its mistakes are still known.
            trained.Dispose();
            var blind = WorstMistakes.Find(trained, images, 5, heard);
            Assert.Equal(mistakes.Select(mistake => mistake.Predicted), blind.Select(mistake => mistake.Predicted));
            Assert.All(blind, mistake => Assert.Null(mistake.Attention));
            Assert.Contains("Grad-CAM failed", Assert.Single(heard.Warnings), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Records_from_before_there_were_overlays_are_read()
    {
        var earlier = JsonSerializer.Deserialize<ExampleImage>("""{ "image": "iVBORw==", "label": "cat", "predicted": "dog", "probability": 0.9 }""", RecordJson.Options)!;

        Assert.Null(earlier.Attention);
        Assert.Equal("dog", earlier.Predicted);
        var now = JsonSerializer.Deserialize<ExampleImage>(JsonSerializer.Serialize(earlier with { Attention = [1, 2] }, RecordJson.Options), RecordJson.Options)!;
        Assert.Equal([1, 2], now.Attention!);
    }

    private static (int, int) Size(byte[] file)
    {
        var image = MLImage.Decode(file);
        return (image.Height, image.Width);
    }

    private sealed class Listener : ITrainingMonitor
    {
        public List<string> Warnings { get; } = [];

        public void OnBatch(int epoch, int images, int total)
        {
        }

        public void OnEpoch(EpochRecord record, int plannedEpochs)
        {
        }

        public void OnEvent(TrainingEvent trainingEvent)
        {
            if (trainingEvent.Kind == TrainingEventKind.Warning)
            {
                Warnings.Add(trainingEvent.Detail);
            }
        }
    }
}
