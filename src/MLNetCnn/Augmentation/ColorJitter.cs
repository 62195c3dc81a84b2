using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Changes brightness, contrast, saturation and hue, in an order that is drawn for each image (torchvision's <c>ColorJitter</c>).</summary>
/// <param name="Brightness">The largest change of the brightness factor, in [0, 100]; 0 for none.</param>
/// <param name="Contrast">That of the contrast factor.</param>
/// <param name="Saturation">That of the saturation factor.</param>
/// <param name="Hue">The largest turn of the hue as a share of a full one, in [0, 0.5].</param>
public sealed record ColorJitter(double Brightness = 0, double Contrast = 0, double Saturation = 0, double Hue = 0) : Transform
{
    internal override AugmentationStep ToStep() => new(AugmentationKind.ColorJitter, Probability, Brightness, Contrast, Saturation, Hue);

    internal override IEnumerable<string> MemberProblems() => Rule(Brightness is >= 0 and <= 100, $"brightness is {Brightness}: give a change in [0, 100], such as 0.2")
        .Concat(Rule(Contrast is >= 0 and <= 100, $"contrast is {Contrast}: give a change in [0, 100], such as 0.2"))
        .Concat(Rule(Saturation is >= 0 and <= 100, $"saturation is {Saturation}: give a change in [0, 100], such as 0.2"))
        .Concat(Rule(Hue is >= 0 and <= 0.5, $"hue is {Hue}: give a share of a full turn in [0, 0.5], such as 0.1"))
        .Concat(Rule(Brightness != 0 || Contrast != 0 || Saturation != 0 || Hue != 0, $"brightness, contrast, saturation and hue are all 0: give one, or leave the transform out"));
}
