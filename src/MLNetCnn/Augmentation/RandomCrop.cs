using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>
/// Pads the image all round and cuts its size out again anywhere (torchvision's <c>RandomCrop</c> with <c>padding</c>); the usual
/// augmentation of CIFAR, with a <see cref="RandomHorizontalFlip"/>.
/// </summary>
public sealed record RandomCrop : GeometricTransform
{
    /// <summary>A crop that fills with black, as torchvision's does.</summary>
    /// <param name="padding">Pixels on each side, 1 to 4096.</param>
    public RandomCrop(int padding = 4) => (Padding, FillMode) = (padding, FillMode.Constant);

    /// <summary>Pixels on each side, 1 to 4096.</summary>
    /// <value>4.</value>
    public int Padding { get; init; }

    internal override AugmentationStep ToStep() => Step(AugmentationKind.Crop, Padding);

    internal override IEnumerable<string> MemberProblems() => base.MemberProblems().Concat(
        Rule(Padding is >= 1 and <= 4096, $"padding is {Padding}: give 1 to 4096 pixels, such as 4"));
}
