using MLNetCnn.Architectures;

namespace MLNetCnn.Transfer;

/// <summary>Consecutive blocks of a backbone as a module of their own. It shares their layers: the backbone stays their owner.</summary>
internal sealed class BackbonePart : Module<Tensor, Tensor>
{
    private readonly Backbone source;
    private readonly int first;
    private readonly int end;

    public BackbonePart(Backbone backbone, int first, int end)
        : base("BackbonePart")
    {
        (source, this.first, this.end) = (backbone, first, end);
        for (var block = first; block < end; block++)
        {
            foreach (var (index, layer) in backbone.Blocks[block].Layers.Index())
            {
                register_module(FormattableString.Invariant($"block{block}_{index}"), layer);
            }
        }

        train(backbone.training);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => first == end ? input.alias() : source.Features(input, first, end);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The layers are the backbone's.
    }
}
