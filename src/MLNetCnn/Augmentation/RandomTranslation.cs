using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Moves the image (Keras' <c>RandomTranslation</c>), up or down and left or right, each uniformly.</summary>
/// <param name="HeightFactor">The largest move as a share of the height, in [0, 1].</param>
/// <param name="WidthFactor">The largest move as a share of the width, in [0, 1].</param>
public sealed record RandomTranslation(double HeightFactor, double WidthFactor) : GeometricTransform
{
    internal override AugmentationStep ToStep() => Step(AugmentationKind.Translation, HeightFactor, WidthFactor);

    internal override IEnumerable<string> MemberProblems() => base.MemberProblems()
        .Concat(Rule(HeightFactor is >= 0 and <= 1, $"heightFactor is {HeightFactor}: give a share of the height in [0, 1], such as 0.1"))
        .Concat(Rule(WidthFactor is >= 0 and <= 1, $"widthFactor is {WidthFactor}: give a share of the width in [0, 1], such as 0.1"));
}
