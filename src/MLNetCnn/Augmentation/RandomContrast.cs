using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Blends the image with its mean grey (torchvision's <c>ColorJitter(contrast)</c>): the factor is uniform in 1 ± <paramref name="Factor"/>. Keras' layer of the name takes the mean of each channel instead.</summary>
/// <param name="Factor">The largest change, in (0, 100]; factors below 0 are left out.</param>
public sealed record RandomContrast(double Factor) : Transform
{
    internal override AugmentationStep ToStep() => new(AugmentationKind.Contrast, Probability, Factor);

    internal override IEnumerable<string> MemberProblems() => Rule(Factor is > 0 and <= 100, $"factor is {Factor}: give a change in (0, 100], such as 0.2");
}
