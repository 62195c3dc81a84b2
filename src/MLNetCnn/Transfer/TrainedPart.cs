namespace MLNetCnn.Transfer;

/// <summary>
/// What is trained of a transfer network: its blocks from <see cref="FirstBlock"/> on, and its head. It takes what the block before
/// gave, or pooled features where no block is trained. It shares the layers: the network stays their owner.
/// </summary>
internal sealed class TrainedPart : Module<Tensor, Tensor>
{
    private readonly BackbonePart blocks;
    private readonly ClassifierHead head;
    private readonly bool trainsBatchNorm;

    /// <param name="network">The network; its parameters are frozen or freed accordingly.</param>
    /// <param name="firstBlock">The first block that is trained; their number for none.</param>
    /// <param name="trainsBatchNorm">Whether the blocks' BatchNorm layers are trained too. They stay as they are otherwise, as Keras's guides advise.</param>
    public TrainedPart(TransferNetwork network, int firstBlock, bool trainsBatchNorm)
        : base("TrainedPart")
    {
        FirstBlock = firstBlock;
        TakesPooled = firstBlock == network.Backbone.Blocks.Count;
        this.trainsBatchNorm = trainsBatchNorm;
        blocks = new BackbonePart(network.Backbone, firstBlock, network.Backbone.Blocks.Count);
        head = network.Head;
        RegisterComponents();
        network.Backbone.requires_grad_(false);
        blocks.requires_grad_(true);
        if (!trainsBatchNorm)
        {
            foreach (var norm in blocks.modules().OfType<BatchNorm>())
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
        if (!trainsBatchNorm)
        {
            foreach (var norm in blocks.modules().OfType<BatchNorm>())
            {
                norm.eval();
            }
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(TakesPooled ? head.Classify(input) : head.call(blocks.call(input)));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The layers are the network's.
    }
}
