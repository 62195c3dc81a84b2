using MLNetCnn.Architectures;

namespace MLNetCnn.Transfer;

/// <summary>Consecutive blocks of a backbone as a module of their own. It shares their layers: the backbone stays their owner.</summary>
internal sealed class BackbonePart : Module<Tensor, Tensor>
{
    private readonly Backbone _source;
    private readonly int _first;
    private readonly int _end;

    public BackbonePart(Backbone backbone, int first, int end)
        : base("BackbonePart")
    {
        (_source, _first, _end) = (backbone, first, end);
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
    public override Tensor forward(Tensor input) => _first == _end ? input.alias() : _source.Features(input, _first, _end);

    /// <inheritdoc/>
    protected override bool OwnsParts => false;
}
