using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.AutoML;

/// <summary>How fast networks learn from scratch here: measured on noise, before a search decides what it can afford.</summary>
internal static class TrainingSpeed
{
    private const int Images = 384;
    private const int Classes = 10;

    /// <summary>Seconds that one image takes, forwards and backwards, after a first epoch that warms up.</summary>
    public static double SecondsPerImage(ImageClassificationTrainer.Options options, ImageShape shape)
    {
        var pixels = new byte[Images * shape.Size];
        new Random(0).NextBytes(pixels);
        int[] labels = [.. Enumerable.Range(0, Images).Select(image => image % Classes)];
        using var noise = ImageSet.FromPixels(pixels, labels, shape, [.. Enumerable.Range(0, Classes).Select(label => $"class {label}")]);
        using var trained = NetworkTrainer.Train(options with { Epoch = 2 }, noise, validation: null, SilentMonitor.Instance, CancellationToken.None);
        return trained.History.Epochs[^1].Seconds / Images;
    }
}
