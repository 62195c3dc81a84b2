using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Blurs the image with a Gaussian kernel (torchvision's <c>GaussianBlur</c>); its width is drawn uniformly.</summary>
/// <param name="KernelSize">The side of the kernel in pixels, odd, in [3, 255].</param>
/// <param name="MinSigma">The least standard deviation, in pixels, above 0.</param>
/// <param name="MaxSigma">The largest standard deviation, in pixels.</param>
public sealed record GaussianBlur(int KernelSize = 3, double MinSigma = 0.1, double MaxSigma = 2) : Transform
{
    internal override AugmentationStep ToStep() => new(AugmentationKind.GaussianBlur, Probability, KernelSize, MinSigma, MaxSigma);

    internal override IEnumerable<string> MemberProblems() => Rule(KernelSize is >= 3 and <= 255 && KernelSize % 2 == 1, $"kernelSize is {KernelSize}: give an odd number of pixels in [3, 255]")
        .Concat(Rule(MinSigma > 0 && MaxSigma >= MinSigma && double.IsFinite(MaxSigma), $"minSigma and maxSigma are {MinSigma} and {MaxSigma}: give widths above 0, the smaller one first"));
}
