using MLNetCnn.Data;

namespace MLNetCnn.AutoML;

/// <summary>The normal distribution, truncated to the unit interval.</summary>
internal static class TruncatedNormal
{
    /// <summary>Draws a number from 0 to 1.</summary>
    /// <param name="mean">The mean of the whole distribution, from 0 to 1.</param>
    /// <param name="deviation">Its standard deviation, above 0.</param>
    /// <param name="random">Where randomness comes from.</param>
    public static double Sample(double mean, double deviation, SeededRandom random)
    {
        // A mean within the interval leaves no less than a third of the mass for the deviations in use: rejection is quick.
        while (true)
        {
            var x = mean + (deviation * random.NextGaussian());
            if (x is >= 0 and <= 1)
            {
                return x;
            }
        }
    }

    /// <summary>The logarithm of the density at the mean: elsewhere it is lower by half the square of the deviations from there.</summary>
    /// <param name="mean">The mean of the whole distribution, from 0 to 1.</param>
    /// <param name="deviation">Its standard deviation, above 0.</param>
    public static double LogScale(double mean, double deviation) =>
        -Math.Log(deviation * Math.Sqrt(2 * Math.PI) * (Cumulative((1 - mean) / deviation) - Cumulative(-mean / deviation)));

    // Φ by M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 7.1.26: within 1e-7.
    private static double Cumulative(double z)
    {
        var t = 1 / (1 + (0.3275911 * Math.Abs(z) / Math.Sqrt(2)));
        var tail = 0.5 * t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429)))))))) * Math.Exp(-z * z / 2);
        return z >= 0 ? 1 - tail : tail;
    }
}
