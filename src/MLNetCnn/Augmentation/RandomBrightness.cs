using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Multiplies all pixels with a factor (torchvision's <c>ColorJitter(brightness)</c>): the factor is uniform in 1 ± <paramref name="Factor"/>. Keras' layer of the name adds a value instead.</summary>
/// <param name="Factor">The largest change, in (0, 100]; factors below 0 are left out.</param>
public sealed record RandomBrightness(double Factor) : Transform
{
    internal override AugmentationStep ToStep() => new(AugmentationKind.Brightness, Probability, Factor);

    internal override IEnumerable<string> MemberProblems() => Rule(Factor is > 0 and <= 100, $"factor is {Factor}: give a change in (0, 100], such as 0.2");
}
