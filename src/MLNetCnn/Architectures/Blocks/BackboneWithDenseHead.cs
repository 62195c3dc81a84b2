namespace MLNetCnn.Architectures.Blocks;

/// <summary>A backbone with the head that torchvision's ResNet and Inception have: <c>avgpool</c>, <c>dropout</c>, <c>fc</c>.</summary>
internal abstract class BackboneWithDenseHead(string name) : Backbone(name)
{
    private Module<Tensor, Tensor>? avgpool, dropout, fc;

    /// <inheritdoc/>
    public sealed override string HeadPrefix => "fc.";

    /// <summary>Adds the head, after all other layers: their order is the weights'.</summary>
    /// <param name="share">The share of the features that training drops, in [0, 1).</param>
    /// <param name="dense">What makes logits <c>[N, classes]</c> of features <c>[N, <see cref="Backbone.FeatureChannels"/>]</c>.</param>
    protected void AddHead(double share, Module<Tensor, Tensor> dense)
    {
        register_module(nameof(avgpool), avgpool = AdaptiveAvgPool2d(1));
        register_module(nameof(dropout), dropout = share > 0 ? Dropout(share) : Identity());
        register_module(nameof(fc), fc = dense);
    }

    /// <inheritdoc/>
    protected sealed override Tensor Classify(Tensor features)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(fc!.call(dropout!.call(avgpool!.call(features).flatten(1))));
    }
}
