using static System.FormattableString;

namespace MLNetCnn.Training;

/// <summary>The figures that callbacks can watch.</summary>
public enum EarlyStoppingMetric
{
    /// <summary>Top-1 accuracy on the validation images (on the training images without any).</summary>
    Accuracy,

    /// <summary>Mean loss on the validation images (on the training images without any).</summary>
    Loss,

    /// <summary>Mean loss on the training images.</summary>
    TrainLoss,
}

/// <summary>
/// When to stop because the watched figure no longer improves; <see cref="MinDelta"/>, <see cref="Patience"/>, <see cref="Metric"/> and their
/// defaults are those of ML.NET's <c>ImageClassificationTrainer.EarlyStopping</c>, whose <c>CheckIncreasing</c> the metric tells. Unlike with
/// ML.NET's, the best epoch's weights are kept, not the last one's.
/// </summary>
public sealed record EarlyStopping
{
    /// <summary>The least change that counts as better, as a share (accuracy) or in nats (loss); 0 or more.</summary>
    /// <value>0.01.</value>
    public double MinDelta { get; init; } = 0.01;

    /// <summary>How many epochs in a row may pass without improvement; 1 or more.</summary>
    /// <value>20.</value>
    public int Patience { get; init; } = 20;

    /// <summary>The figure to watch.</summary>
    /// <value><see cref="EarlyStoppingMetric.Accuracy"/>.</value>
    public EarlyStoppingMetric Metric { get; init; } = EarlyStoppingMetric.Accuracy;

    internal IEnumerable<string> Problems()
    {
        if (Patience < 1)
        {
            yield return $"earlyStoppingCriteria.patience is {Patience}: give 1 or more epochs";
        }

        if (!(MinDelta >= 0))
        {
            yield return Invariant($"earlyStoppingCriteria.minDelta is {MinDelta}: give 0 or more");
        }
    }
}
