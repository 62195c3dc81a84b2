using static MLNetCnn.Torch.torch;
using static MLNetCnn.Torch.torch.nn;

namespace MLNetCnn.Torch.Modules;

/// <summary>How far an output is from its target.</summary>
/// <typeparam name="T1">The output.</typeparam>
/// <typeparam name="T2">The target.</typeparam>
/// <typeparam name="TResult">The loss.</typeparam>
public abstract class Loss<T1, T2, TResult> : Module<T1, T2, TResult>
{
    private protected Loss(string name, Reduction reduction)
        : base(name) => this.reduction = reduction;

    /// <summary>What becomes of the losses of a batch.</summary>
    public Reduction reduction { get; }
}

/// <summary>A loss whose classes or elements have weights, which it keeps but does not own.</summary>
public abstract class WeightedLoss : Loss<Tensor, Tensor, Tensor>
{
    private protected WeightedLoss(string name, Tensor? weight, Reduction reduction)
        : base(name, reduction) => this.weight = weight;

    /// <summary>The weights, or null.</summary>
    public Tensor? weight { get; }
}

/// <summary>Cross-entropy of scores <c>[N, C]</c> and classes <c>[N]</c>.</summary>
public sealed class CrossEntropyLoss : WeightedLoss
{
    internal CrossEntropyLoss(Tensor? weight, long? ignoreIndex, Reduction reduction, double labelSmoothing)
        : base(nameof(CrossEntropyLoss), weight, reduction) => (ignore_index, label_smoothing) = (ignoreIndex ?? -100, labelSmoothing);

    /// <summary>A class that does not count.</summary>
    public long ignore_index { get; }

    /// <summary>0..1: how much of the target is spread over all classes.</summary>
    public double label_smoothing { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input1, Tensor input2) => functional.cross_entropy(input1, input2, weight, ignore_index, reduction, label_smoothing);
}

/// <summary>The negative log-likelihood of log-probabilities <c>[N, C]</c> and classes <c>[N]</c>.</summary>
public sealed class NLLLoss : WeightedLoss
{
    internal NLLLoss(Tensor? weight, Reduction reduction)
        : base(nameof(NLLLoss), weight, reduction)
    {
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input1, Tensor input2) => functional.nll_loss(input1, input2, weight, reduction: reduction);
}

/// <summary>Squared differences.</summary>
public sealed class MSELoss : Loss<Tensor, Tensor, Tensor>
{
    internal MSELoss(Reduction reduction)
        : base(nameof(MSELoss), reduction)
    {
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input1, Tensor input2) => functional.mse_loss(input1, input2, reduction);
}

/// <summary>Absolute differences.</summary>
public sealed class L1Loss : Loss<Tensor, Tensor, Tensor>
{
    internal L1Loss(Reduction reduction)
        : base(nameof(L1Loss), reduction)
    {
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input1, Tensor input2) => functional.l1_loss(input1, input2, reduction);
}

/// <summary>The negative log-likelihood of counts under Poisson distributions.</summary>
public sealed class PoissonNLLLoss : Loss<Tensor, Tensor, Tensor>
{
    internal PoissonNLLLoss(bool logInput, bool full, double eps, Reduction reduction)
        : base(nameof(PoissonNLLLoss), reduction) => (log_input, this.full, this.eps) = (logInput, full, eps);

    /// <summary>Whether the input is the logarithm of the expectation.</summary>
    public bool log_input { get; }

    /// <summary>Whether Stirling's approximation of log(target!) is added.</summary>
    public bool full { get; }

    /// <summary>Keeps log(0) away.</summary>
    public double eps { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input1, Tensor input2) => functional.poisson_nll_loss(input1, input2, log_input, full, eps, reduction);
}

/// <summary>Binary cross-entropy of scores and targets 0..1.</summary>
public sealed class BCEWithLogitsLoss : WeightedLoss
{
    internal BCEWithLogitsLoss(Tensor? weight, Reduction reduction, Tensor? positiveWeights)
        : base(nameof(BCEWithLogitsLoss), weight, reduction) => pos_weights = positiveWeights;

    /// <summary>The weights of positive targets, or null.</summary>
    public Tensor? pos_weights { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input1, Tensor input2) => functional.binary_cross_entropy_with_logits(input1, input2, weight, reduction, pos_weights);
}
