using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>
/// Blends the image and its label with those of another training image (Zhang et al. 2018, "mixup: Beyond Empirical Risk
/// Minimization"): λ of itself and 1 − λ of the other, λ from Beta(alpha, alpha).
/// </summary>
/// <remarks>
/// λ and the other image are drawn for each image, from the whole training set as the paper's definition has it, and not once for a
/// batch as many implementations do; the other image is augmented like its own. Mixing comes after all other transforms, wherever it
/// stands, and an image is mixed once: where both <see cref="MixUp"/> and <see cref="CutMix"/> are given, their probabilities add to at most 1.
/// </remarks>
/// <param name="Alpha">The strength, in (0, 1000]: small values leave most images nearly alone, 1 makes every λ equally likely.</param>
public sealed record MixUp(double Alpha = 0.2) : Transform
{
    internal override bool MixesImages => true;

    internal override AugmentationStep ToStep() => new(AugmentationKind.MixUp, Probability, Alpha);

    internal override IEnumerable<string> MemberProblems() => Rule(Alpha is > 0 and <= 1000, $"alpha is {Alpha}: give a value in (0, 1000], such as 0.2");
}
