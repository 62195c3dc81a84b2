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
        var wrong = new List<Mistake>();
        for (var i = 0; i < images.Count; i++)
        {
            var row = probabilities.AsSpan(i * classes, classes);
            var predicted = IndexOfMax(row);
            if (predicted != images.Labels[i])
            {
                wrong.Add(new(i, predicted, row[predicted]));
            }
        }

        Mistake[] worst = [.. wrong.OrderByDescending(mistake => mistake.Probability).Take(count)];
        var pictures = worst.Select(mistake => new ExampleImage(
            ExampleImage.Encode(images.Image(mistake.Index)),
            images.ClassNames[images.Labels[mistake.Index]],
            images.ClassNames[mistake.Predicted],
            mistake.Probability));
        return [.. pictures.Zip(TryAttention(trained, images, worst, monitor), (picture, attention) => picture with { Attention = attention })];
    }

    // It explains a result that is already there, and must not cost it.
    private static byte[]?[] TryAttention(TrainedNetwork trained, ImageSet images, Mistake[] mistakes, ITrainingMonitor monitor)
    {
        try
        {
            return [.. mistakes.Chunk(NetworkTrainer.EvaluationBatch(images.Shape)).SelectMany(batch => Attention(trained, images, batch))];
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            monitor.OnEvent(new TrainingEvent(
                trained.History.Epochs.Count, TrainingEventKind.Warning, $"the report does not show what the network looked at, for Grad-CAM failed: {exception.Message}"));
            return new byte[]?[mistakes.Length];
        }
    }

    private static byte[]?[] Attention(TrainedNetwork trained, ImageSet images, Mistake[] mistakes)
    {
        using var scope = NewDisposeScope();
        using var batches = new ImageBatches(images.Subset([.. mistakes.Select(mistake => mistake.Index)]), trained.Preprocessing, trained.Device, channelsLast: true);
        var predicted = tensor<long>([.. mistakes.Select(mistake => (long)mistake.Predicted)], device: trained.Device);
        var maps = GradCam.Of(trained.Network, batches.Take(batches.InOrder(), 0, mistakes.Length).Images, predicted)?.cpu();
        return [.. mistakes.Select((mistake, i) => maps is null ? null : ExampleImage.Encode(HeatOverlay.Over(images.Image(mistake.Index), maps.select(0, i))))];
    }

    private static int IndexOfMax(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var i = 1; i < row.Length; i++)
        {
            best = row[i] > row[best] ? i : best;
        }

        return best;
    }

    private sealed record Mistake(int Index, int Predicted, float Probability);
}
