namespace MLNetCnn.Reports;

/// <summary>
/// The 95 % interval of a share that was counted on a sample, after E. B. Wilson, "Probable inference, the law of succession,
/// and statistical inference", JASA 22 (1927): unlike the normal approximation it stays inside [0, 1] and holds for small
/// samples and shares near 0 or 1.
/// </summary>
/// <param name="Share">The counted share, in [0, 1].</param>
/// <param name="Low">The lower end, in [0, 1].</param>
/// <param name="High">The upper end, in [0, 1].</param>
/// <param name="Count">The size of the sample.</param>
public sealed record WilsonInterval(double Share, double Low, double High, int Count)
{
    private const double Z = 1.959963984540054;

    /// <summary>The interval of <paramref name="share"/>, counted on <paramref name="count"/> items.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The share is outside [0, 1] or the count below 1.</exception>
    public static WilsonInterval Of(double share, int count)
    {
        if (!(share is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "a share lies in [0, 1]");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var z2 = Z * Z / count;
        var centre = (share + (z2 / 2)) / (1 + z2);
        var half = Z * Math.Sqrt((share * (1 - share) / count) + (z2 / (4 * count))) / (1 + z2);
        return new(share, Math.Max(0, centre - half), Math.Min(1, centre + half), count);
    }

    /// <summary>Whether the two intervals have values in common, so that the order of the two shares may be chance.</summary>
    public bool Overlaps(WilsonInterval other) => Low <= other.High && other.Low <= High;
}
