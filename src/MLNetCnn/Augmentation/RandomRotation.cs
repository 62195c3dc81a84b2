using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Turns the image about its centre (Keras' <c>RandomRotation</c>): the angle is uniform in ±<paramref name="Factor"/> full turns.</summary>
/// <param name="Factor">The largest angle as a share of a full turn, in (0, 0.5]: 0.1 is ±36°.</param>
public sealed record RandomRotation(double Factor) : GeometricTransform
{
    internal override AugmentationStep ToStep() => Step(AugmentationKind.Rotation, 360 * Factor);

    internal override IEnumerable<string> MemberProblems() => base.MemberProblems().Concat(
        Rule(Factor is > 0 and <= 0.5, $"factor is {Factor}: give a share of a full turn in (0, 0.5]; 15 degrees are 0.0417"));
}
