namespace MLNetCnn.Architectures;

/// <summary>
/// A network in the form of its reference, with that one's weight names, so that published weights load: blocks that turn images
/// <c>[N, C, H, W]</c> into feature maps <c>[N, <see cref="FeatureChannels"/>, h, w]</c>, then the reference's own head, which gives
/// logits <c>[N, classes]</c>.
/// </summary>
/// <remarks>Built for 0 classes it has no head: what transfer learning starts from.</remarks>
internal abstract class Backbone(string name) : Module<Tensor, Tensor>(name)
{
    private IReadOnlyList<BackboneBlock>? blocks;

    /// <summary>The blocks in the order in which an image passes them.</summary>
    public IReadOnlyList<BackboneBlock> Blocks => blocks ??= [.. ListBlocks()];

    /// <summary>The channels of the last block's feature maps.</summary>
    public abstract long FeatureChannels { get; }

    /// <summary>What the names of the head's weights begin with, such as <c>fc.</c>.</summary>
    public abstract string HeadPrefix { get; }

    /// <summary>The feature maps of images.</summary>
    public Tensor Features(Tensor images) => Features(images, 0, Blocks.Count);

    /// <summary>What blocks <paramref name="first"/> up to, but not, <paramref name="end"/> make of <paramref name="input"/>.</summary>
    public Tensor Features(Tensor input, int first, int end) =>
        Chain.Run(input, [.. Blocks.Take(first..end).SelectMany(block => block.Layers)]);

    /// <inheritdoc/>
    public sealed override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Classify(Features(input)));
    }

    /// <summary>The blocks, input side first; called once, after all layers exist.</summary>
    protected abstract IEnumerable<BackboneBlock> ListBlocks();

    /// <summary>The reference's head: logits <c>[N, classes]</c> of feature maps.</summary>
    protected abstract Tensor Classify(Tensor features);
}

/// <summary>Layers of a backbone that are frozen or trained together, never in part.</summary>
/// <param name="Name">Its name, <c>layer4.2</c> for example.</param>
/// <param name="Stage">The stage it belongs to, <c>layer4</c> for example: blocks that work at one resolution, as the reference names them.</param>
/// <param name="Layers">The layers, one after another.</param>
internal sealed record BackboneBlock(string Name, string Stage, params IReadOnlyList<Module<Tensor, Tensor>> Layers)
{
    /// <summary>The blocks of a stage that is a list of them, numbered: <c>layer4.0</c>, <c>layer4.1</c> and so on.</summary>
    public static IEnumerable<BackboneBlock> OfStage((string Name, Sequential Blocks) stage) =>
        stage.Blocks.Select((block, i) => new BackboneBlock(FormattableString.Invariant($"{stage.Name}.{i}"), stage.Name, block));
}
