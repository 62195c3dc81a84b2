using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>
/// Zooms in and out about the centre (Keras' <c>RandomZoom</c>): what is seen is 1 ± the factor, uniformly, as high and wide as the
/// image; above 1 more than the image, below 1 less.
/// </summary>
/// <param name="HeightFactor">The largest change of the height seen, in (0, 1).</param>
/// <param name="WidthFactor">That of the width, in (0, 1); null, the default, for the height's, which keeps the aspect ratio.</param>
public sealed record RandomZoom(double HeightFactor, double? WidthFactor = null) : GeometricTransform
{
    internal override AugmentationStep ToStep() => Step(AugmentationKind.Zoom, HeightFactor, WidthFactor ?? double.NaN);

    internal override IEnumerable<string> MemberProblems() => base.MemberProblems()
        .Concat(Rule(HeightFactor is > 0 and < 1, $"heightFactor is {HeightFactor}: give a value between 0 and 1, such as 0.2"))
        .Concat(Rule(WidthFactor is null or (> 0 and < 1), $"widthFactor is {WidthFactor}: give a value between 0 and 1, or leave it out for the height's"));
}
