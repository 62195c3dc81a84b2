namespace MLNetCnn.Evaluation;

/// <summary>
/// Where the true share of successes lies, with 95 % confidence: the score interval of E. B. Wilson, "Probable Inference, the
/// Law of Succession, and Statistical Inference", JASA 22 (1927), without continuity correction. Unlike the normal
/// approximation it stays inside [0, 1] and holds for small samples and shares near 0 or 1.
/// </summary>
/// <param name="Share">The share that was counted, in [0, 1].</param>
/// <param name="Lower">The lower end, in [0, 1].</param>
/// <param name="Upper">The upper end, in [0, 1].</param>
/// <param name="Count">The size of the sample.</param>
public readonly record struct WilsonInterval(double Share, double Lower, double Upper, long Count)
{
    // The 97.5th percentile of the standard normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>The interval of <paramref name="share"/>, counted on <paramref name="count"/> items.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The share is outside [0, 1] or the count below 1.</exception>
    public static WilsonInterval Of(double share, long count)
    {
        if (share is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "a share lies in [0, 1]");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var scale = 1 + (Z * Z / count);
        var centre = (share + (Z * Z / (2 * count))) / scale;
        var half = Z / scale * Math.Sqrt((share * (1 - share) / count) + (Z * Z / (4 * (double)count * count)));
        return new(share, share == 0 ? 0 : centre - half, share == 1 ? 1 : centre + half, count);
    }

    /// <summary>Whether the two intervals have values in common, so that the order of the two shares may be chance.</summary>
    public bool Overlaps(WilsonInterval other) => Lower <= other.Upper && other.Lower <= Upper;
}
