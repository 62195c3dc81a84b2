namespace MLNetCnn.Architectures.Blocks;

/// <summary>A backbone in torchvision's usual layout: <c>features</c>, a mean over the positions, <c>classifier</c>.</summary>
internal sealed class FeatureNetwork : Backbone
{
    private readonly IReadOnlyList<BackboneBlock> blocks;
    private readonly Sequential features;
    private readonly Module<Tensor, Tensor>? avgpool, classifier;

    /// <param name="name">The architecture's name.</param>
    /// <param name="features">The layers of <paramref name="blocks"/>, under the reference's names.</param>
    /// <param name="blocks">The layers again, in blocks.</param>
    /// <param name="channels">The channels of the feature maps.</param>
    /// <param name="classifier">What makes logits of the flattened means; null for no head.</param>
    /// <param name="positions">The height and width that the means leave.</param>
    public FeatureNetwork(string name, Sequential features, IReadOnlyList<BackboneBlock> blocks, long channels, Sequential? classifier, long positions = 1)
        : base(name)
    {
        (this.features, this.blocks, FeatureChannels) = (features, blocks, channels);
        avgpool = classifier is null ? null : AdaptiveAvgPool2d(positions);
        this.classifier = classifier;
        RegisterComponents();
    }

    public override long FeatureChannels { get; }

    public override string HeadPrefix => "classifier.";

    protected override IEnumerable<BackboneBlock> ListBlocks() => blocks;

    protected override Tensor Classify(Tensor features)
    {
        using var pooled = avgpool!.call(features);
        using var flat = pooled.flatten(1);
        return classifier!.call(flat);
    }
}
