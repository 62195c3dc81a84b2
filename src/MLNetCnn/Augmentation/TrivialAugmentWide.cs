using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>
/// TrivialAugment with the wide table (Müller and Hutter 2021, "TrivialAugment: Tuning-free Yet State-of-the-Art Data Augmentation";
/// torchvision's <c>TrivialAugmentWide</c>): one operation for each image, each of 14 equally likely, its magnitude one of the bins
/// up to: shear 0.99, translation 32 pixels, rotation 135°, brightness, saturation, contrast and sharpness ± 0.99, posterize to 2
/// bits, solarize from 0; or autocontrast, equalize, or nothing.
/// </summary>
public sealed record TrivialAugmentWide : GeometricTransform
{
    /// <summary>One operation that fills with black and interpolates by the nearest pixel, as torchvision's does.</summary>
    public TrivialAugmentWide() => (FillMode, Interpolation) = (FillMode.Constant, Interpolation.Nearest);

    /// <summary>The number of magnitudes, 2 to 1000.</summary>
    /// <value>31.</value>
    public int MagnitudeBins { get; init; } = 31;

    internal override AugmentationStep ToStep() => Step(AugmentationKind.TrivialAugmentWide, MagnitudeBins);

    internal override IEnumerable<string> MemberProblems() => base.MemberProblems().Concat(
        Rule(MagnitudeBins is >= 2 and <= 1000, $"magnitudeBins is {MagnitudeBins}: give 2 to 1000, such as 31"));
}
