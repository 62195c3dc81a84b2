using MLNetCnn.Data;
using MLNetCnn.Evaluation;

namespace MLNetCnn.Runs;

/// <summary>Finds small pictures for the cells of a confusion matrix: the surest mistakes of each, the fullest cells first.</summary>
internal static class ConfusedImages
{
    private const int PerCell = 8;
    private const int Longest = 96;

    /// <summary>At most <paramref name="count"/> wrongly named images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="probabilities">Row-major <c>[N, classes]</c>.</param>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<ExampleImage> Find(ImageSet images, float[] probabilities, int count)
    {
        var classes = images.ClassNames.Count;
        var answers = Answers.Of(images.Labels, probabilities, classes);
        return [.. Enumerable.Range(0, images.Count)
            .Where(image => answers.Truth[image] != answers.Named[image])
            .GroupBy(image => (Truth: answers.Truth[image], Named: answers.Named[image]))
            .OrderByDescending(cell => cell.Count())
            .SelectMany(cell => cell.OrderByDescending(image => probabilities[(image * classes) + cell.Key.Named]).Take(PerCell))
            .Take(count)
            .Select(image => new ExampleImage(
                ExampleImage.Encode(images.Image(image), Longest),
                images.ClassNames[answers.Truth[image]],
                images.ClassNames[answers.Named[image]],
                probabilities[(image * classes) + answers.Named[image]])
            {
                Index = image,
            })];
    }
}
