namespace MLNetCnn.Evaluation;

/// <summary>How right a classifier is on the images that it answers, when it may pass on those that it is unsure of: a point of the accuracy-rejection curve (El-Yaniv and Wiener 2010).</summary>
/// <param name="Confidence">The least probability of an answer that is given.</param>
/// <param name="Answered">Images that are answered then.</param>
/// <param name="Right">Of these, the ones named right.</param>
public sealed record CoveragePoint(double Confidence, int Answered, int Right)
{
    /// <summary>The share of the answered images that are named right; null where none is answered.</summary>
    public double? Accuracy => Answered == 0 ? null : (double)Right / Answered;
}

/// <summary>Coverage and accuracy at every threshold (El-Yaniv and Wiener 2010, On the foundations of noise-free selective classification).</summary>
public static class CoverageCurve
{
    private const int Steps = 100;

    /// <summary>The points at the thresholds 0, 0.01 … 0.99.</summary>
    /// <param name="answers">What the images were named.</param>
    /// <param name="probabilities">What that came of: <c>[answers.Count, classes]</c>, row by row.</param>
    /// <param name="classes">The number of classes.</param>
    public static IReadOnlyList<CoveragePoint> Measure(Answers answers, ReadOnlySpan<float> probabilities, int classes)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var (answered, right) = (new int[Steps], new int[Steps]);
        for (var image = 0; image < answers.Count; image++)
        {
            var named = answers.Named[image];
            var last = Math.Min(Steps - 1, (int)(probabilities[(image * classes) + named] * Steps));
            answered[last]++;
            right[last] += named == answers.Truth[image] ? 1 : 0;
        }

        for (var step = Steps - 2; step >= 0; step--)
        {
            answered[step] += answered[step + 1];
            right[step] += right[step + 1];
        }

        return [.. Enumerable.Range(0, Steps).Select(step => new CoveragePoint(step / (double)Steps, answered[step], right[step]))];
    }
}
