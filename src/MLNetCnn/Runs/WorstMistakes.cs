using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Training;

namespace MLNetCnn.Runs;

/// <summary>Finds the images that a model named wrong while it was surest.</summary>
internal static class WorstMistakes
{
    /// <summary>At most <paramref name="count"/> mistakes, the surest first, with what the network looked at.</summary>
    /// <param name="trained">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="probabilities">What it made of them, row-major <c>[N, classes]</c>.</param>
    /// <param name="count">How many.</param>
    /// <param name="monitor">Told when it cannot be shown what the network looked at.</param>
    public static IReadOnlyList<ExampleImage> Find(TrainedNetwork trained, ImageSet images, float[] probabilities, int count, ITrainingMonitor monitor)
    {
        var classes = images.ClassNames.Count;
        var answers = Answers.Of(images.Labels, probabilities, classes);
        var (truth, named) = (answers.Truth, answers.Named);
        float Probability(int image) => probabilities[(image * classes) + named[image]];
        int[] worst = [.. Enumerable.Range(0, images.Count).Where(image => truth[image] != named[image]).OrderByDescending(Probability).Take(count)];
        var attention = TryAttention(trained, images, worst, [.. worst.Select(image => (long)named[image])], monitor);
        return [.. worst.Select((image, i) => new ExampleImage(
            ExampleImage.Encode(images.Image(image)), images.ClassNames[truth[image]], images.ClassNames[named[image]], Probability(image), attention[i]))];
    }

    // It explains a result that is already there, and must not cost it.
    private static byte[]?[] TryAttention(TrainedNetwork trained, ImageSet images, int[] chosen, long[] named, ITrainingMonitor monitor)
    {
        try
        {
            var batch = NetworkTrainer.EvaluationBatch(images.Shape);
            return [.. chosen.Chunk(batch).Zip(named.Chunk(batch)).SelectMany(part => Attention(trained, images, part.First, part.Second))];
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            monitor.OnEvent(new TrainingEvent(
                trained.History.Epochs.Count, TrainingEventKind.Warning, $"the report does not show what the network looked at, for Grad-CAM failed: {exception.Message}"));
            return new byte[]?[chosen.Length];
        }
    }

    private static byte[]?[] Attention(TrainedNetwork trained, ImageSet images, int[] chosen, long[] named)
    {
        using var scope = NewDisposeScope();
        using var batches = new ImageBatches(images.Subset(chosen), trained.Preprocessing, trained.Device, channelsLast: true);
        var batch = batches.Take(batches.InOrder(), 0, chosen.Length);
        var maps = GradCam.Of(trained.Network, batch.Images, tensor<long>(named, device: trained.Device))?.cpu();
        return [.. chosen.Select((image, i) => maps is null ? null : ExampleImage.Encode(HeatOverlay.Over(images.Image(image), maps.select(0, i))))];
    }
}
