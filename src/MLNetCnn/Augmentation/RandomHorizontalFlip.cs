using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Exchanges left and right (torchvision's <c>RandomHorizontalFlip</c>). Not for digits, letters or whatever else means something different in a mirror.</summary>
public sealed record RandomHorizontalFlip : Transform
{
    /// <summary>A flip of every second image.</summary>
    public RandomHorizontalFlip() => Probability = 0.5;

    internal override AugmentationStep ToStep() => new(AugmentationKind.HorizontalFlip, Probability);

    internal override IEnumerable<string> MemberProblems() => [];
}
