namespace MLNetCnn.Training;

/// <summary>
/// What the size of weights adds to a loss: L1 · Σ|w| + L2 · Σw². Its gradient is known, so it is added to the weights' own in one pass
/// each, where the graph of the loss would take several.
/// </summary>
/// <param name="weights">The weights.</param>
/// <param name="l1">The weight of their absolute values, 0 or more.</param>
/// <param name="l2">The weight of their squares, 0 or more.</param>
internal sealed class WeightPenalty(IReadOnlyList<Parameter> weights, double l1, double l2)
{
    /// <summary>Adds <paramref name="share"/> of the penalty's gradient to the weights' gradients and gives the penalty, a number.</summary>
    public Tensor AddGradient(double share)
    {
        using var untracked = no_grad();
        var value = zeros([], device: weights[0].device);
        foreach (var weight in weights)
        {
            if (l1 > 0)
            {
                weight.grad!.add_(weight.sign(), l1 * share);
                value.add_(weight.norm(1), l1);
            }

            if (l2 > 0)
            {
                weight.grad!.add_(weight, 2 * l2 * share);
                value.add_(weight.norm().square(), l2);
            }
        }

        return value;
    }
}
