namespace MLNetCnn.Training;

/// <summary>What one pass over the training images gave.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="TrainLoss">Mean training loss over the epoch, as the optimizer saw it (dropout and augmentation active).</param>
/// <param name="TrainAccuracy">Top-1 accuracy over the epoch's training batches, in [0, 1].</param>
/// <param name="ValidationLoss">Mean loss on the validation images after the epoch; null without validation images.</param>
/// <param name="ValidationAccuracy">Top-1 accuracy on the validation images, in [0, 1]; null without validation images.</param>
/// <param name="LearningRate">The learning rate at the epoch's last step.</param>
/// <param name="Seconds">Wall-clock seconds of the epoch, validation included.</param>
public sealed record EpochRecord(
    int Epoch,
    double TrainLoss,
    double TrainAccuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    double LearningRate,
    double Seconds)
{
    /// <summary>Whether a loss is no number any more: weights that give none are no good to anyone.</summary>
    internal bool IsBroken => !double.IsFinite(TrainLoss) || ValidationLoss is double.NaN;
}

/// <summary>The kinds of things that happen while a network trains.</summary>
public enum TrainingEventKind
{
    /// <summary>A schedule or a plateau lowered the learning rate.</summary>
    LearningRateReduced,

    /// <summary>Training ended before its last epoch because the watched figure stopped improving.</summary>
    EarlyStopped,

    /// <summary>Frozen layers began to train.</summary>
    Unfrozen,

    /// <summary>Training went on from a checkpoint.</summary>
    Resumed,

    /// <summary>The user stopped training; the best weights so far were kept.</summary>
    Cancelled,

    /// <summary>The loss became infinite or not a number.</summary>
    Diverged,

    /// <summary>The weights of the best epoch were put back.</summary>
    BestRestored,

    /// <summary>A learning rate was looked for and found.</summary>
    LearningRateFound,

    /// <summary>A warning about the configuration, such as a first loss well above ln(classes).</summary>
    Warning,
}

/// <summary>One thing that happened while a network trained.</summary>
/// <param name="Epoch">The epoch, counted from 1 (0: before the first).</param>
/// <param name="Kind">What happened.</param>
/// <param name="Detail">One sentence with the values.</param>
public sealed record TrainingEvent(int Epoch, TrainingEventKind Kind, string Detail);

/// <summary>The course of a training run, epoch by epoch.</summary>
/// <param name="Epochs">One record per finished epoch, in order.</param>
/// <param name="Events">What happened on the way, in order.</param>
/// <param name="BestEpoch">The epoch whose weights the model holds, counted from 1 (0: none finished).</param>
public sealed record TrainingHistory(
    IReadOnlyList<EpochRecord> Epochs,
    IReadOnlyList<TrainingEvent> Events,
    int BestEpoch)
{
    /// <summary>What the network gave on the validation images before it was trained; null where that was not asked.</summary>
    public UntrainedFigures? Untrained { get; init; }

    /// <summary>The search for the learning rate; null where it was given.</summary>
    public LearningRateSweep? LearningRateSweep { get; init; }

    /// <summary>A history without epochs.</summary>
    public static TrainingHistory Empty { get; } = new([], [], 0);

    /// <summary>The record of <see cref="BestEpoch"/>; null where none finished.</summary>
    internal EpochRecord? Best() => Epochs.FirstOrDefault(epoch => epoch.Epoch == BestEpoch);

    /// <summary>This history and what came after it.</summary>
    internal TrainingHistory Followed(TrainingHistory next) =>
        this with { Epochs = [.. Epochs, .. next.Epochs], Events = [.. Events, .. next.Events], BestEpoch = next.BestEpoch };
}

/// <summary>Figures of a network whose head is not trained yet.</summary>
/// <param name="ValidationLoss">The mean loss on the validation images.</param>
/// <param name="ValidationAccuracy">The top-1 accuracy on them, in [0, 1].</param>
public sealed record UntrainedFigures(double ValidationLoss, double ValidationAccuracy);
