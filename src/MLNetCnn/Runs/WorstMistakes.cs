using MLNetCnn.Evaluation;
using MLNetCnn.Training;

namespace MLNetCnn.Runs;

/// <summary>Finds the images that a model named wrong while it was surest.</summary>
internal static class WorstMistakes
{
    /// <summary>At most <paramref name="count"/> mistakes, the surest first, with what the network looked at.</summary>
    /// <param name="trained">The network.</param>
    /// <param name="images">The images, and what it made of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="monitor">Told when it cannot be shown what the network looked at.</param>
    public static IReadOnlyList<ExampleImage> Find(TrainedNetwork trained, NamedImages images, int count, ITrainingMonitor monitor)
    {
        int[] worst = [.. images.Wrong.OrderByDescending(images.Probability).Take(count)];
        var attention = TryAttention(trained, images, worst, monitor);
        return [.. worst.Zip(attention, (image, looked) => images.Example(image, attention: looked))];
    }

    // It explains a result that is already there, and must not cost it.
    private static byte[]?[] TryAttention(TrainedNetwork trained, NamedImages images, int[] chosen, ITrainingMonitor monitor)
    {
        try
        {
            return [.. chosen.Chunk(NetworkTrainer.EvaluationBatch(images.Images.Shape)).SelectMany(part => Attention(trained, images, part))];
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            monitor.OnEvent(new TrainingEvent(
                trained.History.Epochs.Count, TrainingEventKind.Warning, $"the report does not show what the network looked at, for Grad-CAM failed: {exception.Message}"));
            return new byte[]?[chosen.Length];
        }
    }

    private static byte[]?[] Attention(TrainedNetwork trained, NamedImages images, int[] chosen)
    {
        using var scope = NewDisposeScope();
        using var batches = new ImageBatches(images.Images.Subset(chosen), trained.Preprocessing, trained.Device, channelsLast: true);
        var batch = batches.Take(batches.InOrder(), 0, chosen.Length);
        long[] named = [.. chosen.Select(image => (long)images.Answers.Named[image])];
        var maps = GradCam.Of(trained.Network, batch.Images, tensor<long>(named, device: trained.Device))?.cpu();
        return [.. chosen.Select((image, i) => maps is null ? null : ExampleImage.Encode(HeatOverlay.Over(images.Images.Image(image), maps.select(0, i))))];
    }
}
