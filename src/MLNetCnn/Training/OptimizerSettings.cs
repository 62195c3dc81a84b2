using static System.FormattableString;

namespace MLNetCnn.Training;

/// <summary>The optimizers, by the names the field gives them.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent, with momentum where asked for.</summary>
    Sgd,

    /// <summary>Adam (Kingma &amp; Ba 2015).</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019).</summary>
    AdamW,

    /// <summary>Adam with Nesterov momentum (Dozat 2016).</summary>
    NAdam,

    /// <summary>Adagrad (Duchi et al. 2011).</summary>
    Adagrad,

    /// <summary>RMSprop (Hinton 2012).</summary>
    RmsProp,
}

/// <summary>The optimizer and its constants; the learning rate stands in the trainer's options.</summary>
public sealed record OptimizerSettings
{
    /// <summary>The algorithm.</summary>
    /// <value><see cref="OptimizerKind.Adam"/>.</value>
    public OptimizerKind Kind { get; init; } = OptimizerKind.Adam;

    /// <summary>Momentum of SGD and RMSprop, in [0, 1).</summary>
    /// <value>0.</value>
    public double Momentum { get; init; }

    /// <summary>Whether SGD's momentum is Nesterov's.</summary>
    /// <value>false.</value>
    public bool Nesterov { get; init; }

    /// <summary>
    /// Decay of the convolution and linear weights (biases and normalisation stay free), 0 or more: decoupled for AdamW, added to
    /// the gradient otherwise. Keras' <c>l2(x)</c> regulariser is a weight decay of 2x.
    /// </summary>
    /// <value>0.</value>
    public double WeightDecay { get; init; }

    /// <summary>The constant that keeps divisions finite, above 0; null for the algorithm's own default (PyTorch's).</summary>
    /// <value>null.</value>
    public double? Epsilon { get; init; }

    /// <summary>What Adagrad's sums start at, 0 or more (Keras uses 0.1).</summary>
    /// <value>0.</value>
    public double InitialAccumulator { get; init; }

    internal IEnumerable<string> Problems()
    {
        if (Momentum is not (>= 0 and < 1))
        {
            yield return Invariant($"optimizer.momentum is {Momentum}: give a value in [0, 1)");
        }

        if (Nesterov && Momentum == 0)
        {
            yield return "optimizer.nesterov is on with momentum 0: give a momentum, such as 0.9, or turn it off";
        }

        if (Nesterov && Kind != OptimizerKind.Sgd)
        {
            yield return $"optimizer.nesterov is on with {Kind}: only Sgd takes it, turn it off";
        }

        if (Momentum > 0 && Kind is not (OptimizerKind.Sgd or OptimizerKind.RmsProp))
        {
            yield return Invariant($"optimizer.momentum is {Momentum} with {Kind}: only Sgd and RmsProp take one");
        }

        if (WeightDecay < 0 || !double.IsFinite(WeightDecay))
        {
            yield return Invariant($"optimizer.weightDecay is {WeightDecay}: give 0 or more");
        }

        if (Epsilon is not (null or > 0) || Epsilon is double.PositiveInfinity)
        {
            yield return Invariant($"optimizer.epsilon is {Epsilon}: give a value above 0, or leave it out");
        }

        if (!(InitialAccumulator >= 0) || !double.IsFinite(InitialAccumulator))
        {
            yield return Invariant($"optimizer.initialAccumulator is {InitialAccumulator}: give 0 or more");
        }
    }
}
