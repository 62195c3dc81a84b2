using static System.FormattableString;

namespace MLNetCnn.Training;

/// <summary>Lowers the learning rate when the watched figure stands still (Keras' <c>ReduceLROnPlateau</c>).</summary>
public sealed record ReduceOnPlateau
{
    /// <summary>What the learning rate is multiplied with, in (0, 1).</summary>
    /// <value>0.1.</value>
    public double Factor { get; init; } = 0.1;

    /// <summary>Epochs without improvement before it is lowered; 0 or more.</summary>
    /// <value>10.</value>
    public int Patience { get; init; } = 10;

    /// <summary>Epochs after a reduction in which nothing is counted; 0 or more.</summary>
    /// <value>0.</value>
    public int Cooldown { get; init; }

    /// <summary>The least change that counts as better; 0 or more.</summary>
    /// <value>0.0001.</value>
    public double MinDelta { get; init; } = 1e-4;

    /// <summary>The learning rate is never lowered below this; 0 or more.</summary>
    /// <value>0.</value>
    public double MinLearningRate { get; init; }

    /// <summary>The figure to watch.</summary>
    /// <value><see cref="EarlyStoppingMetric.Loss"/>.</value>
    public EarlyStoppingMetric Metric { get; init; } = EarlyStoppingMetric.Loss;

    internal IEnumerable<string> Problems()
    {
        if (Factor is not (> 0 and < 1))
        {
            yield return Invariant($"reduceOnPlateau.factor is {Factor}: give a value between 0 and 1");
        }

        if (Patience < 0)
        {
            yield return $"reduceOnPlateau.patience is {Patience}: give 0 or more epochs";
        }

        if (Cooldown < 0)
        {
            yield return $"reduceOnPlateau.cooldown is {Cooldown}: give 0 or more epochs";
        }

        if (!(MinDelta >= 0))
        {
            yield return Invariant($"reduceOnPlateau.minDelta is {MinDelta}: give 0 or more");
        }

        if (!(MinLearningRate >= 0))
        {
            yield return Invariant($"reduceOnPlateau.minLearningRate is {MinLearningRate}: give 0 or more");
        }
    }
}
