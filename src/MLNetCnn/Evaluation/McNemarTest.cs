namespace MLNetCnn.Evaluation;

/// <summary>Whether two classifiers differ on the same images, judged by the images that only one of them names right.</summary>
/// <param name="OnlyFirstRight">Images that only the first names right.</param>
/// <param name="OnlySecondRight">Images that only the second names right.</param>
/// <param name="ExactPValue">Two-sided p-value of the exact binomial test; conservative.</param>
/// <param name="MidPValue">Two-sided mid-p-value: less conservative, and the one to prefer for small counts.</param>
public sealed record McNemarTest(int OnlyFirstRight, int OnlySecondRight, double ExactPValue, double MidPValue)
{
    /// <summary>Compares two runs image by image.</summary>
    /// <param name="firstRight">For every image, whether the first run names it right.</param>
    /// <param name="secondRight">The same for the second run, in the same order.</param>
    /// <exception cref="ArgumentException">The runs are not of the same images: their counts differ.</exception>
    public static McNemarTest Run(ReadOnlySpan<bool> firstRight, ReadOnlySpan<bool> secondRight)
    {
        if (firstRight.Length != secondRight.Length)
        {
            throw new ArgumentException($"the runs have {firstRight.Length} and {secondRight.Length} images: compare runs on the same images", nameof(secondRight));
        }

        var (onlyFirst, onlySecond) = (0, 0);
        for (var image = 0; image < firstRight.Length; image++)
        {
            onlyFirst += firstRight[image] && !secondRight[image] ? 1 : 0;
            onlySecond += secondRight[image] && !firstRight[image] ? 1 : 0;
        }

        return Of(onlyFirst, onlySecond);
    }

    /// <summary>
    /// The test of Q. McNemar, Psychometrika 12 (1947), exact: under equal error rates the discordant images fall either way with
    /// probability ½. The mid-p-value is that of M. W. Fagerland, S. Lydersen and P. Laake, BMC Medical Research Methodology 13:91
    /// (2013).
    /// </summary>
    /// <param name="onlyFirstRight">Images that only the first names right.</param>
    /// <param name="onlySecondRight">Images that only the second names right.</param>
    public static McNemarTest Of(int onlyFirstRight, int onlySecondRight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirstRight);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecondRight);
        var (n, fewer) = (checked(onlyFirstRight + onlySecondRight), Math.Min(onlyFirstRight, onlySecondRight));
        // Binomial(n, ½) probabilities by logarithms: 2^-n alone underflows from n = 1075 on.
        var (logProbability, tail) = (-n * Math.Log(2), 0.0);
        for (var k = 0; k <= fewer; k++)
        {
            tail += Math.Exp(logProbability);
            logProbability += k < fewer ? Math.Log((double)(n - k) / (k + 1)) : 0;
        }

        // Both tails count the observed point, half of each is taken off; where the counts are equal it is one point, and half of it.
        var point = Math.Exp(logProbability);
        var mid = onlyFirstRight != onlySecondRight ? (2 * tail) - point : n == 0 ? 1 : 1 - (point / 2);
        return new McNemarTest(onlyFirstRight, onlySecondRight, Math.Min(1, 2 * tail), mid);
    }
}
