using System.Globalization;

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

    /// <summary>A network of <paramref name="groups"/>: the layers of each are a block of its stage, all numbered through.</summary>
    public FeatureNetwork(
        string name, IReadOnlyList<(string Stage, Module<Tensor, Tensor>[] Layers)> groups, long channels, Sequential? classifier, long positions = 1)
        : this(name, Sequential(groups.SelectMany(group => group.Layers)), Numbered(groups), channels, classifier, positions)
    {
    }

    public override long FeatureChannels { get; }

    public override string HeadPrefix => "classifier.";

    /// <summary>Blocks of <paramref name="features"/> where each stage is a list of <typeparamref name="TBlock"/>; other layers are blocks of their own.</summary>
    /// <param name="features">The layers.</param>
    /// <param name="stage">The number of the stage that a layer belongs to.</param>
    public static IReadOnlyList<BackboneBlock> InStages<TBlock>(Sequential features, Func<int, int> stage) =>
        [.. features.Index().SelectMany(layer => layer.Item is Torch.Modules.Sequential repeats && repeats[0] is TBlock
            ? repeats.Select((block, i) => new BackboneBlock(Name(layer.Index) + string.Create(CultureInfo.InvariantCulture, $".{i}"), Name(stage(layer.Index)), block))
            : [new BackboneBlock(Name(layer.Index), Name(stage(layer.Index)), layer.Item)])];

    protected override IEnumerable<BackboneBlock> ListBlocks() => blocks;

    protected override Tensor Classify(Tensor features)
    {
        using var pooled = avgpool!.call(features);
        using var flat = pooled.flatten(1);
        return classifier!.call(flat);
    }

    private static List<BackboneBlock> Numbered(IReadOnlyList<(string Stage, Module<Tensor, Tensor>[] Layers)> groups)
    {
        var (blocks, layers) = (new List<BackboneBlock>(), 0);
        foreach (var group in groups)
        {
            blocks.Add(new(Name(layers), group.Stage, group.Layers));
            layers += group.Layers.Length;
        }

        return blocks;
    }

    private static string Name(int layer) => string.Create(CultureInfo.InvariantCulture, $"features.{layer}");
}
