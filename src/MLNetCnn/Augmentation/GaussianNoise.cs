using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Adds normal noise to every pixel and channel (Keras' <c>GaussianNoise</c>); the result is not cut to the range of pixels.</summary>
/// <param name="StandardDeviation">The noise's standard deviation, in (0, 10], where pixels are scaled to [0, 1].</param>
public sealed record GaussianNoise(double StandardDeviation) : Transform
{
    internal override AugmentationStep ToStep() => new(AugmentationKind.GaussianNoise, Probability, StandardDeviation);

    internal override IEnumerable<string> MemberProblems() =>
        Rule(StandardDeviation is > 0 and <= 10, $"standardDeviation is {StandardDeviation}: give a value in (0, 10], such as 0.01 (pixels are scaled to [0, 1])");
}
