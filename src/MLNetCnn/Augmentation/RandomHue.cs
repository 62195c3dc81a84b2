using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Turns the hue (torchvision's <c>ColorJitter(hue)</c>), uniformly in ±<paramref name="Factor"/> turns; leaves grey images alone.</summary>
/// <param name="Factor">The largest turn as a share of a full one, in (0, 0.5].</param>
public sealed record RandomHue(double Factor) : Transform
{
    internal override AugmentationStep ToStep() => new(AugmentationKind.Hue, Probability, Factor);

    internal override IEnumerable<string> MemberProblems() => Rule(Factor is > 0 and <= 0.5, $"factor is {Factor}: give a share of a full turn in (0, 0.5], such as 0.1");
}
