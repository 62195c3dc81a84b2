namespace MLNetCnn.Training;

/// <summary>What the metrics callback is told, under ML.NET's names; nothing is told of features, which are made before the first epoch.</summary>
/// <param name="Train">The figures of one epoch on one part of the data.</param>
public sealed record ImageClassificationMetrics(TrainMetrics Train);

/// <summary>The part of the data that a figure was taken on.</summary>
public enum DatasetUsed
{
    /// <summary>The training images.</summary>
    Train,

    /// <summary>The validation images.</summary>
    Validation,
}

/// <summary>The figures of one epoch on one part of the data.</summary>
/// <param name="DatasetUsed">Which part.</param>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="BatchProcessedCount">Batches seen in the epoch.</param>
/// <param name="Accuracy">Top-1 accuracy, in [0, 1].</param>
/// <param name="CrossEntropy">Mean loss.</param>
/// <param name="LearningRate">The learning rate at the epoch's last step.</param>
public sealed record TrainMetrics(
    DatasetUsed DatasetUsed,
    int Epoch,
    int BatchProcessedCount,
    double Accuracy,
    double CrossEntropy,
    double LearningRate);
