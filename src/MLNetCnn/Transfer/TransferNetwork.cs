using MLNetCnn.Architectures;

namespace MLNetCnn.Transfer;

/// <summary>A backbone with a head of one's own: images <c>[N, C, H, W]</c> to logits <c>[N, classes]</c>.</summary>
internal sealed class TransferNetwork : Module<Tensor, Tensor>
{
    private readonly Backbone backbone;
    private readonly ClassifierHead head;

    public TransferNetwork(Backbone backbone, ClassifierHead head)
        : base("TransferNetwork")
    {
        (this.backbone, this.head) = (backbone, head);
        RegisterComponents();
    }

    public Backbone Backbone => backbone;

    public ClassifierHead Head => head;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(head.call(backbone.Features(input)));
    }
}
