using MLNetCnn.Evaluation;

namespace MLNetCnn.Runs;

/// <summary>A run's accuracy on one part of the data: the mean over its seeds, where it was made with several.</summary>
/// <param name="BySeed">The accuracy with each seed, in [0, 1]; a single one for a run that was made once.</param>
/// <param name="Images">The number of images that each was counted on.</param>
public sealed record RunAccuracy(IReadOnlyList<double> BySeed, int Images)
{
    /// <summary>The mean, in [0, 1].</summary>
    public double Mean { get; } = BySeed.Average();

    /// <summary>The lowest, in [0, 1].</summary>
    public double Lowest { get; } = BySeed.Min();

    /// <summary>The highest, in [0, 1].</summary>
    public double Highest { get; } = BySeed.Max();

    /// <summary>Whether it is a mean over several seeds.</summary>
    public bool IsMean => BySeed.Count > 1;

    /// <summary>How far the mean may be off because the images are a sample.</summary>
    public WilsonInterval Interval => WilsonInterval.Of(Mean, Images);
}
