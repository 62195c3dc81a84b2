using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>
/// Covers a part of random area, aspect ratio and place (Zhong et al. 2020; torchvision's <c>RandomErasing</c>). Where ten tries do not
/// fit, the image stays as it is.
/// </summary>
public sealed record RandomErasing : Transform
{
    /// <summary>An erasing of every second image.</summary>
    public RandomErasing() => Probability = 0.5;

    /// <summary>The least area, as a share of the image's, in (0, 1].</summary>
    /// <value>0.02.</value>
    public double MinScale { get; init; } = 0.02;

    /// <summary>The largest area, in (0, 1].</summary>
    /// <value>0.33.</value>
    public double MaxScale { get; init; } = 0.33;

    /// <summary>The least height / width, above 0.</summary>
    /// <value>0.3.</value>
    public double MinRatio { get; init; } = 0.3;

    /// <summary>The largest height / width.</summary>
    /// <value>3.3.</value>
    public double MaxRatio { get; init; } = 3.3;

    /// <summary>What the part is covered with, in [0, 1], before normalisation.</summary>
    /// <value>0, black.</value>
    public double Value { get; init; }

    /// <summary>Whether every pixel of the part gets a random value instead, as in the paper.</summary>
    /// <value>false.</value>
    public bool RandomValues { get; init; }

    internal override AugmentationStep ToStep() =>
        new(AugmentationKind.Erasing, Probability, MinScale, MaxScale, MinRatio, MaxRatio, RandomValues ? double.NaN : Value);

    internal override IEnumerable<string> MemberProblems() => BoxRules(MinScale, MaxScale, MinRatio, MaxRatio)
        .Concat(Rule(Value is >= 0 and <= 1, $"value is {Value}: give a value in [0, 1]"));
}
