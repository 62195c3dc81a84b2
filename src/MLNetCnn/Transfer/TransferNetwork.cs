using MLNetCnn.Architectures;

namespace MLNetCnn.Transfer;

/// <summary>A backbone with a head of one's own: images <c>[N, C, H, W]</c> to logits <c>[N, classes]</c>.</summary>
internal sealed class TransferNetwork : Module<Tensor, Tensor>
{
    private readonly bool _ownsBackbone;

    /// <param name="backbone">The backbone.</param>
    /// <param name="head">The head; owned.</param>
    /// <param name="ownsBackbone">Whether the backbone is this network's alone.</param>
    public TransferNetwork(Backbone backbone, ClassifierHead head, bool ownsBackbone)
        : base("TransferNetwork")
    {
        (Backbone, Head, _ownsBackbone) = (backbone, head, ownsBackbone);
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

    /// <inheritdoc/>
    protected override bool OwnsParts => _ownsBackbone;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_ownsBackbone)
        {
            Head.Dispose();
        }

        base.Dispose(disposing);
    }
}
