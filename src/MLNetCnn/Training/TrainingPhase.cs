namespace MLNetCnn.Training;

/// <summary>A part of a training in which the same layers are trained.</summary>
/// <param name="FirstBlock">The first block of a backbone that is trained.</param>
/// <param name="Epochs">Its epochs.</param>
/// <param name="LearningRate">The learning rate that its schedule starts from.</param>
/// <param name="EpochsBefore">The epochs of the phases before.</param>
/// <param name="PlannedEpochs">The epochs of all phases.</param>
/// <param name="RateFactor">What the learning rate is multiplied by for a parameter; null for 1.</param>
internal sealed record TrainingPhase(int FirstBlock, int Epochs, double LearningRate, int EpochsBefore, int PlannedEpochs, Func<Parameter, double>? RateFactor)
{
    /// <summary>Whether no phase follows.</summary>
    public bool IsLast => EpochsBefore + Epochs == PlannedEpochs;

    /// <summary>The only phase of a training.</summary>
    public static TrainingPhase Only(ImageClassificationTrainer.Options options) => new(0, options.Epoch, options.LearningRate, 0, options.Epoch, RateFactor: null);
}
