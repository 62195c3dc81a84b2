using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Exchanges top and bottom (torchvision's <c>RandomVerticalFlip</c>).</summary>
public sealed record RandomVerticalFlip : Transform
{
    /// <summary>A flip of every second image.</summary>
    public RandomVerticalFlip() => Probability = 0.5;

    internal override AugmentationStep ToStep() => new(AugmentationKind.VerticalFlip, Probability);

    internal override IEnumerable<string> MemberProblems() => [];
}
