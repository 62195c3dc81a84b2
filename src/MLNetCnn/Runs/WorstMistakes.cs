using MLNetCnn.Data;

namespace MLNetCnn.Runs;

/// <summary>Finds the images that a model named wrong while it was surest.</summary>
internal static class WorstMistakes
{
    /// <summary>At most <paramref name="count"/> mistakes, the surest first.</summary>
    /// <param name="images">The images.</param>
    /// <param name="probabilities">Row-major <c>[N, classes]</c>.</param>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<ExampleImage> Find(ImageSet images, float[] probabilities, int count)
    {
        var classes = images.ClassNames.Count;
        var wrong = new List<(int Index, int Predicted, float Probability)>();
        for (var i = 0; i < images.Count; i++)
        {
            var row = probabilities.AsSpan(i * classes, classes);
            var predicted = IndexOfMax(row);
            if (predicted != images.Labels[i])
            {
                wrong.Add((i, predicted, row[predicted]));
            }
        }

        return [.. wrong.OrderByDescending(mistake => mistake.Probability).Take(count).Select(mistake => new ExampleImage(
            ExampleImage.Encode(images.Image(mistake.Index)),
            images.ClassNames[images.Labels[mistake.Index]],
            images.ClassNames[mistake.Predicted],
            mistake.Probability))];
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
}
