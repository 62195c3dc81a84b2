using MLNetCnn.Architectures;

namespace MLNetCnn.Transfer;

/// <summary>A backbone with a head of one's own: images <c>[N, C, H, W]</c> to logits <c>[N, classes]</c>.</summary>
internal sealed class TransferNetwork : Module<Tensor, Tensor>
{
    public TransferNetwork(Backbone backbone, ClassifierHead head)
        : base("TransferNetwork")
    {
        (Backbone, Head) = (backbone, head);
        register_module("backbone", backbone);
        register_module("head", head);
    }

    /// <summary>The pretrained part.</summary>
    public Backbone Backbone { get; }

    /// <summary>The part that is made anew.</summary>
    public ClassifierHead Head { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Head.call(Backbone.Features(input)));
    }
}
