using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>
/// Pastes a box of another training image and blends the labels by area (Yun et al. 2019, "CutMix: Regularization Strategy to Train
/// Strong Classifiers with Localizable Features"): the box has 1 − λ of the area, λ from Beta(alpha, alpha), and its centre anywhere.
/// </summary>
/// <remarks>
/// λ and the other image are drawn for each image, from the whole training set as the paper's definition has it, and not once for a
/// batch as many implementations do; the other image is augmented like its own. Mixing comes after all other transforms, wherever it
/// stands, and an image is mixed once: where both <see cref="MixUp"/> and <see cref="CutMix"/> are given, their probabilities add to at most 1.
/// </remarks>
/// <param name="Alpha">The strength, in (0, 1000]: small values leave most images nearly alone, 1 makes every λ equally likely.</param>
public sealed record CutMix(double Alpha = 1) : Transform
{
    internal override bool MixesImages => true;

    internal override AugmentationStep ToStep() => new(AugmentationKind.CutMix, Probability, Alpha);

    internal override IEnumerable<string> MemberProblems() => Rule(Alpha is > 0 and <= 1000, $"alpha is {Alpha}: give a value in (0, 1000], such as 1");
}
