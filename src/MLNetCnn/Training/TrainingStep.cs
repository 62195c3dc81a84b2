namespace MLNetCnn.Training;

/// <summary>Runs a network forward and backward on one batch and leaves the gradients in its parameters.</summary>
internal interface ITrainingStep : IDisposable
{
    /// <summary>Adds the gradients of the mean loss over some images.</summary>
    /// <param name="order">The places of an epoch.</param>
    /// <param name="start">The first of the images.</param>
    /// <param name="count">Their number.</param>
    /// <param name="share">What the gradients are multiplied by: the images' share of their batch.</param>
    void Run(Tensor order, int start, int count, double share);

    /// <summary>Announces a new epoch, so that random layers draw what this epoch draws in every run with the same seed.</summary>
    void BeginEpoch(long seed);

    /// <summary>The sum of the losses and the number of images named right since the epoch began.</summary>
    (double LossSum, double Correct) Totals();
}

/// <summary>What an optimizer makes of a batch.</summary>
internal static class OptimizerSteps
{
    /// <summary>Moves the weights by one batch: in parts whose gradients add up, so that memory holds one part only, and with gradients no longer than they may be.</summary>
    /// <param name="step">The step.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="order">The order of the images.</param>
    /// <param name="start">The batch's first place in it.</param>
    /// <param name="count">The images of the batch.</param>
    /// <param name="options">The most parts, and the largest norm of the gradients.</param>
    public static void Step(this ITrainingStep step, optim.Optimizer optimizer, Tensor order, int start, int count, ImageClassificationTrainer.Options options)
    {
        optimizer.zero_grad();
        step.RunInParts(order, start, count, options.GradientAccumulation);
        if (options.GradientClipping is { } most)
        {
            utils.clip_grad_norm_(optimizer.parameters(), most);
        }

        optimizer.step();
    }

    /// <summary>Runs a batch in parts.</summary>
    /// <param name="step">The step.</param>
    /// <param name="order">The order of the images.</param>
    /// <param name="start">The batch's first place in it.</param>
    /// <param name="count">The images of the batch.</param>
    /// <param name="most">The most parts, at least 1; an image alone has no statistics for a BatchNorm, and is no part.</param>
    public static void RunInParts(this ITrainingStep step, Tensor order, int start, int count, int most)
    {
        var parts = Math.Min(most, Math.Max(1, count / 2));
        for (var part = 0; part < parts; part++)
        {
            var (from, to) = (count * part / parts, count * (part + 1) / parts);
            step.Run(order, start + from, to - from, (double)(to - from) / count);
        }
    }
}

/// <summary>What a training step needs besides the batch.</summary>
/// <param name="Batches">The training images.</param>
/// <param name="Loss">The mean loss of logits <c>[N, classes]</c> for labels <c>[N]</c> or probabilities <c>[N, classes]</c>.</param>
/// <param name="Precision">The arithmetic.</param>
/// <param name="Penalty">What is added to the loss for the size of weights; null for nothing.</param>
internal sealed record StepContext(IBatches Batches, Func<Tensor, Tensor, Tensor> Loss, Precision Precision, WeightPenalty? Penalty = null);

/// <summary>One network, whose operations use all threads; right for all but the smallest networks.</summary>
internal sealed class SingleStep : ITrainingStep
{
    private readonly Module<Tensor, Tensor> _network;
    private readonly StepContext _context;
    private readonly Tensor _totals;

    public SingleStep(Module<Tensor, Tensor> network, StepContext context, torch.Device device)
    {
        _network = network;
        _context = context;
        _totals = zeros([2], dtype: ScalarType.Float64, device: device).DetachFromDisposeScope();
    }

    public void BeginEpoch(long seed)
    {
        set_thread_generator(seed);
        _totals.zero_();
    }

    public void Run(Tensor order, int start, int count, double share)
    {
        using var scope = NewDisposeScope();
        var batch = _context.Batches.Take(order, start, count);
        var (logits, loss) = Forward(batch);
        loss.backward(share == 1 ? null : full([], share));
        var whole = _context.Penalty is { } penalty ? loss.detach().add(penalty.AddGradient(share)) : loss;
        tally_(_totals, whole, logits, batch.Labels);
    }

    public (double LossSum, double Correct) Totals()
    {
        using var onHost = _totals.cpu();
        var values = onHost.data<double>().ToArray();
        return (values[0], values[1]);
    }

    public void Dispose() => _totals.Dispose();

    private (Tensor Logits, Tensor Loss) Forward(LabelledBatch batch)
    {
        using var cast = _context.Precision.Begin(batch.Images.device);
        var logits = _network.call(batch.Images).to(ScalarType.Float32);
        return (logits, _context.Loss(logits, batch.Targets));
    }
}
