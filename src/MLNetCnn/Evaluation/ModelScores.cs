using MLNetCnn.Data;
using MLNetCnn.Inference;

namespace MLNetCnn.Evaluation;

/// <summary>What a model .zip says of images, through ONNX Runtime as a service would run it.</summary>
public static class ModelScores
{
    private const int Batch = 64;

    /// <summary>The probabilities of every image, in the set's order: row-major <c>[N, classes]</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">Images of any size, with the model's channels.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ArgumentException">The images have other channels than the model takes.</exception>
    public static float[] Of(ImageModel model, ImageSet images, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        var classes = model.Labels.Count;
        var size = images.Shape.Size;
        var batch = new byte[Math.Min(Batch, images.Count) * size];
        var scores = new float[images.Count * classes];
        for (var start = 0; start < images.Count; start += Batch)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(Batch, images.Count - start);
            images.Gather([.. Enumerable.Range(start, count)], batch);
            model.Score(batch.AsSpan(0, count * size), count, images.Height, images.Width, scores.AsSpan(start * classes, count * classes));
        }

        return scores;
    }
}
