namespace MLNetCnn.Training;

/// <summary>The losses a training can minimise: each takes logits <c>[N, classes]</c> and labels <c>[N]</c> or probabilities <c>[N, classes]</c>, and gives their mean.</summary>
internal static class Losses
{
    /// <summary>Cross-entropy with label smoothing (Szegedy et al. 2016).</summary>
    public static Func<Tensor, Tensor, Tensor> CrossEntropy(double labelSmoothing) =>
        (logits, labels) => functional.cross_entropy(logits, labels, label_smoothing: labelSmoothing);
}
