namespace MLNetCnn.Training;

/// <summary>
/// What the size of weights adds to a loss: L1 · Σ|w − w₀| + L2 · Σ(w − w₀)², w₀ being 0 where nothing else is said. Its gradient is
/// known, so it is added to the weights' own in one pass each, where the graph of the loss would take several.
/// </summary>
/// <param name="weights">The weights.</param>
/// <param name="l1">The weight of their absolute values, 0 or more.</param>
/// <param name="l2">The weight of their squares, 0 or more.</param>
/// <param name="origins">w₀ of each, of its shape; null for 0 (Li et al. 2018, "Explicit Inductive Bias for Transfer Learning with Convolutional Networks": L2-SP).</param>
internal sealed class WeightPenalty(IReadOnlyList<Parameter> weights, double l1, double l2, IReadOnlyList<Tensor>? origins = null)
{
    /// <summary>Adds <paramref name="share"/> of the penalty's gradient to the weights' gradients and gives the penalty, a number.</summary>
    public Tensor AddGradient(double share)
    {
        using var untracked = no_grad();
        var value = zeros([], device: weights[0].device);
        foreach (var (index, weight) in weights.Index())
        {
            using var away = origins is null ? weight.alias() : weight.sub(origins[index]);
            if (l1 > 0)
            {
                weight.grad!.add_(away.sign(), l1 * share);
                value.add_(away.norm(1), l1);
            }

            if (l2 > 0)
            {
                weight.grad!.add_(away, 2 * l2 * share);
                value.add_(away.norm().square(), l2);
            }
        }

        return value;
    }
}
