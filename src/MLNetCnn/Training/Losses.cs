namespace MLNetCnn.Training;

/// <summary>What training minimises.</summary>
public enum LossKind
{
    /// <summary>Cross-entropy of the softmax, with label smoothing where asked for.</summary>
    CrossEntropy,

    /// <summary>
    /// The mean absolute difference between every class's probability and the label's <em>number</em>, as Keras computes it for integer
    /// labels. The same target for every class: nothing in it names the right one, so it cannot learn. For reruns of published mistakes.
    /// </summary>
    MeanAbsoluteError,

    /// <summary>
    /// The Poisson loss, probability - number · log(probability), of every class's probability against the label's <em>number</em>, as
    /// Keras computes it for integer labels. It cannot learn for the same reason. For reruns of published mistakes.
    /// </summary>
    Poisson,
}

/// <summary>The losses a training can minimise: each takes logits <c>[N, classes]</c> and labels <c>[N]</c> or probabilities <c>[N, classes]</c>, and gives their mean.</summary>
internal static class Losses
{
    // What Keras adds to a probability before its logarithm.
    private const double Epsilon = 1e-7;

    /// <summary>The loss called <paramref name="kind"/>.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="labelSmoothing">How much of the target probability cross-entropy spreads over all classes (Szegedy et al. 2016).</param>
    /// <param name="classWeights">
    /// How much cross-entropy counts each class, <c>[classes]</c>; null for all alike. The mean is over images, not over their weights as
    /// PyTorch's is: parts of a batch, whatever is in them, add up to the whole.
    /// </param>
    public static Func<Tensor, Tensor, Tensor> Of(LossKind kind, double labelSmoothing, Tensor? classWeights = null) => kind switch
    {
        LossKind.MeanAbsoluteError => (logits, labels) => logits.softmax(1).sub(Numbers(logits, labels)).abs().mean(),
        LossKind.Poisson => (logits, labels) => Poisson(logits.softmax(1), Numbers(logits, labels)),
        _ when classWeights is not null => (logits, labels) => functional.cross_entropy(logits, labels, weight: classWeights, reduction: Reduction.Sum, label_smoothing: labelSmoothing).div(logits.shape[0]),
        _ => (logits, labels) => functional.cross_entropy(logits, labels, label_smoothing: labelSmoothing),
    };

    private static Tensor Poisson(Tensor probabilities, Tensor numbers) => probabilities.sub(numbers.mul(probabilities.add(Epsilon).log())).mean();

    private static Tensor Numbers(Tensor logits, Tensor labels) => labels.to(logits.dtype).unsqueeze(1);
}
