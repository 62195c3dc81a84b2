using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>
/// RandAugment (Cubuk et al. 2020, "RandAugment: Practical automated data augmentation with a reduced search space"; torchvision's
/// <c>RandAugment</c>): some operations one after the other, each of 14 equally likely, all of one magnitude. The largest magnitudes:
/// shear 0.3, translation 150/331 of the side, rotation 30°, brightness, saturation, contrast and sharpness ± 0.9, posterize to 4
/// bits, solarize from 0; or autocontrast, equalize, or nothing.
/// </summary>
public sealed record RandAugment : GeometricTransform
{
    /// <summary>Operations that fill with black and interpolate by the nearest pixel, as torchvision's do.</summary>
    /// <param name="operations">How many operations, in [1, 16].</param>
    /// <param name="magnitude">Their magnitude, in [0, <see cref="MagnitudeBins"/>).</param>
    public RandAugment(int operations = 2, int magnitude = 9) =>
        (Operations, Magnitude, FillMode, Interpolation) = (operations, magnitude, FillMode.Constant, Interpolation.Nearest);

    /// <summary>How many operations, in [1, 16].</summary>
    /// <value>2.</value>
    public int Operations { get; init; }

    /// <summary>Their magnitude, in [0, <see cref="MagnitudeBins"/>).</summary>
    /// <value>9.</value>
    public int Magnitude { get; init; }

    /// <summary>The number of magnitudes, 2 to 1000.</summary>
    /// <value>31.</value>
    public int MagnitudeBins { get; init; } = 31;

    internal override AugmentationStep ToStep() => Step(AugmentationKind.RandAugment, Operations, Magnitude, MagnitudeBins);

    internal override IEnumerable<string> MemberProblems() => base.MemberProblems()
        .Concat(Rule(Operations is >= 1 and <= 16, $"operations is {Operations}: give 1 to 16, such as 2"))
        .Concat(Rule(MagnitudeBins is >= 2 and <= 1000, $"magnitudeBins is {MagnitudeBins}: give 2 to 1000, such as 31"))
        .Concat(Rule(Magnitude >= 0 && Magnitude < Math.Max(2, MagnitudeBins), $"magnitude is {Magnitude}: give 0 to {MagnitudeBins - 1}, one less than magnitudeBins"));
}
