namespace MLNetCnn.Transfer;

/// <summary>
/// What is trained of a transfer network: its blocks from <see cref="FirstBlock"/> on, and its head. It takes what the block before
/// gave, or pooled features where no block is trained. It shares the layers: the network stays their owner.
/// </summary>
internal sealed class TrainedPart : Module<Tensor, Tensor>
{
    private readonly BackbonePart _blocks;
    private readonly ClassifierHead _head;
    private readonly bool _trainsBatchNorm;

    /// <param name="network">The network; its parameters are frozen or freed accordingly.</param>
    /// <param name="firstBlock">The first block that is trained; their number for none.</param>
    /// <param name="trainsBatchNorm">Whether the blocks' BatchNorm layers are trained too. They stay as they are otherwise, as Keras's guides advise.</param>
    public TrainedPart(TransferNetwork network, int firstBlock, bool trainsBatchNorm)
        : base("TrainedPart")
    {
        FirstBlock = firstBlock;
        TakesPooled = firstBlock == network.Backbone.Blocks.Count;
        _trainsBatchNorm = trainsBatchNorm;
        _blocks = new BackbonePart(network.Backbone, firstBlock, network.Backbone.Blocks.Count);
        _head = network.Head;
        register_module("blocks", _blocks);
        register_module("head", _head);
        network.Backbone.requires_grad_(false);
        _blocks.requires_grad_(true);
        if (!trainsBatchNorm)
        {
            foreach (var norm in _blocks.modules().OfType<BatchNorm>())
            {
                norm.requires_grad_(false);
            }
        }
    }

    /// <summary>The first block that is trained.</summary>
    public int FirstBlock { get; }

    /// <summary>Whether its input is pooled features.</summary>
    public bool TakesPooled { get; }

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        base.train(on);
        if (!_trainsBatchNorm)
        {
            foreach (var norm in _blocks.modules().OfType<BatchNorm>())
            {
                norm.eval();
            }
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(TakesPooled ? _head.Classify(input) : _head.call(_blocks.call(input)));
    }

    /// <inheritdoc/>
    protected override bool OwnsParts => false;
}
