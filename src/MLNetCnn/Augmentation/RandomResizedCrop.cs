using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>
/// Cuts out a part of random area, aspect ratio and place and scales it to the image's size (Szegedy et al. 2015; torchvision's
/// <c>RandomResizedCrop</c>). The area is uniform, the logarithm of the ratio too; where ten tries do not fit, the largest cut of the
/// nearest ratio from the middle.
/// </summary>
/// <param name="MinScale">The least area, as a share of the image's, in (0, 1].</param>
/// <param name="MaxScale">The largest area, in (0, 1].</param>
/// <param name="MinRatio">The least width / height, above 0.</param>
/// <param name="MaxRatio">The largest width / height.</param>
public sealed record RandomResizedCrop(double MinScale = 0.08, double MaxScale = 1, double MinRatio = 3.0 / 4, double MaxRatio = 4.0 / 3) : Transform
{
    /// <summary>How a value between pixels is found.</summary>
    /// <value><see cref="Interpolation.Bilinear"/>.</value>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    internal override AugmentationStep ToStep() =>
        new(AugmentationKind.ResizedCrop, Probability, MinScale, MaxScale, MinRatio, MaxRatio) { Interpolation = Interpolation };

    internal override IEnumerable<string> MemberProblems() => BoxRules(MinScale, MaxScale, MinRatio, MaxRatio);
}
