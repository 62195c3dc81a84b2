using System.Text.Json;
using System.Text.Json.Serialization;

using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>
/// A random change to training images. Transforms are applied in their order, to each image with values of its own, drawn from the
/// training's seed, the epoch and the image: the same seed gives the same bits, whatever the threads. Images keep their size.
/// </summary>
[JsonConverter(typeof(TransformConverter))]
public abstract record Transform
{
    private protected Transform()
    {
    }

    /// <summary>The transform's name in JSON: the type's, in camelCase.</summary>
    [JsonPropertyOrder(-1)]
    public string Kind => JsonNamingPolicy.CamelCase.ConvertName(GetType().Name);

    /// <summary>How probable the change is for an image, in [0, 1].</summary>
    /// <value>1; 0.5 for flips and <see cref="RandomErasing"/>.</value>
    public double Probability { get; init; } = 1;

    internal virtual bool MixesImages => false;

    internal abstract AugmentationStep ToStep();

    /// <summary>What is wrong with the transform's own members.</summary>
    internal abstract IEnumerable<string> MemberProblems();

    /// <summary>All that is wrong: the member, the value, the rule.</summary>
    internal IEnumerable<string> Problems() =>
        Rule(Probability is >= 0 and <= 1, $"probability is {Probability}: give a value in [0, 1]").Concat(MemberProblems());

    private protected static IEnumerable<string> Rule(bool holds, FormattableString problem) => holds ? [] : [FormattableString.Invariant(problem)];

    /// <summary>The rules of an area that is drawn by its share of the image and its aspect ratio.</summary>
    private protected static IEnumerable<string> BoxRules(double minScale, double maxScale, double minRatio, double maxRatio) =>
        Rule(minScale > 0 && maxScale >= minScale && maxScale <= 1, $"minScale and maxScale are {minScale} and {maxScale}: give shares of the area in (0, 1], the smaller one first")
            .Concat(Rule(minRatio > 0 && maxRatio >= minRatio && double.IsFinite(maxRatio), $"minRatio and maxRatio are {minRatio} and {maxRatio}: give aspect ratios above 0, the smaller one first"));
}
