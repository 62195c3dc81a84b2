using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Shears the image about its centre: each row moves by up to <paramref name="XFactor"/> of its distance from the middle row, each column likewise, uniformly.</summary>
/// <param name="XFactor">The largest tangent of the shear of the rows, 0 or more (torchvision's <c>shear</c> is the angle, in degrees).</param>
/// <param name="YFactor">That of the columns, 0 or more.</param>
public sealed record RandomShear(double XFactor, double YFactor = 0) : GeometricTransform
{
    internal override AugmentationStep ToStep() => Step(AugmentationKind.Shear, XFactor, YFactor);

    internal override IEnumerable<string> MemberProblems() => base.MemberProblems()
        .Concat(Rule(XFactor is >= 0 and <= 10, $"xFactor is {XFactor}: give the tangent of an angle in [0, 10], such as 0.2"))
        .Concat(Rule(YFactor is >= 0 and <= 10, $"yFactor is {YFactor}: give the tangent of an angle in [0, 10], such as 0.2"));
}
