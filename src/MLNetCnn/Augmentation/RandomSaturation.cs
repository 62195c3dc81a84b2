using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Blends the image with itself in grey; leaves grey images alone (torchvision's <c>ColorJitter(saturation)</c>): the factor is uniform in 1 ± <paramref name="Factor"/>.</summary>
/// <param name="Factor">The largest change, in (0, 100]; factors below 0 are left out.</param>
public sealed record RandomSaturation(double Factor) : Transform
{
    internal override AugmentationStep ToStep() => new(AugmentationKind.Saturation, Probability, Factor);

    internal override IEnumerable<string> MemberProblems() => Rule(Factor is > 0 and <= 100, $"factor is {Factor}: give a change in (0, 100], such as 0.2");
}
