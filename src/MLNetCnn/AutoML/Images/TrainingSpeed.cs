using System.Diagnostics;

using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.AutoML;

/// <summary>How fast networks learn from scratch here: measured on noise, before a search decides what it can afford.</summary>
internal static class TrainingSpeed
{
    private const int Batches = 10;
    private const int WarmUp = 3;
    private const int Classes = 10;

    /// <summary>Seconds that one image takes, forwards and backwards, after some batches that warm up.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> has ended it.</exception>
    public static double SecondsPerImage(ImageClassificationTrainer.Options options, ImageShape shape, CancellationToken stop)
    {
        var images = Batches * options.BatchSize;
        var pixels = new byte[images * shape.Size];
        new Random(0).NextBytes(pixels);
        int[] labels = [.. Enumerable.Range(0, images).Select(image => image % Classes)];
        using var noise = ImageSet.FromPixels(pixels, labels, shape, [.. Enumerable.Range(0, Classes).Select(label => $"class {label}")]);
        var watch = new Watch(WarmUp * options.BatchSize);
        NetworkTrainer.Train(options with { Epoch = 1 }, noise, validation: null, watch, stop).Dispose();
        stop.ThrowIfCancellationRequested();
        return watch.Seconds / (images - (WarmUp * options.BatchSize));
    }

    private sealed class Watch(int warmUp) : ITrainingMonitor
    {
        private long _start;

        public double Seconds { get; private set; }

        public void OnBatch(int epoch, int images, int total)
        {
            if (images == warmUp)
            {
                _start = Stopwatch.GetTimestamp();
            }

            Seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        }

        public void OnEpoch(EpochRecord record, int plannedEpochs)
        {
        }

        public void OnEvent(TrainingEvent trainingEvent)
        {
        }
    }
}
