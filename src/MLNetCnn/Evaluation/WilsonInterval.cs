namespace MLNetCnn.Evaluation;

/// <summary>Where the true share of successes lies, with 95 % confidence.</summary>
/// <param name="Lower">The lower end, in [0, 1].</param>
/// <param name="Upper">The upper end, in [0, 1].</param>
public readonly record struct WilsonInterval(double Lower, double Upper)
{
    // The 97.5th percentile of the standard normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>
    /// The score interval of E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927),
    /// without continuity correction: sound for small samples and shares near 0 or 1.
    /// </summary>
    /// <param name="successes">Images named right, 0 to <paramref name="count"/>.</param>
    /// <param name="count">Images evaluated, at least 1.</param>
    public static WilsonInterval Of(long successes, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, count);
        var (share, n) = ((double)successes / count, (double)count);
        var scale = 1 + (Z * Z / n);
        var centre = (share + (Z * Z / (2 * n))) / scale;
        var half = Z / scale * Math.Sqrt((share * (1 - share) / n) + (Z * Z / (4 * n * n)));
        return new WilsonInterval(successes == 0 ? 0 : centre - half, successes == count ? 1 : centre + half);
    }
}
