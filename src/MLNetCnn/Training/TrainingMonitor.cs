namespace MLNetCnn.Training;

/// <summary>Is told how a training goes; for progress displays. Called from the training thread: it must return at once.</summary>
public interface ITrainingMonitor
{
    /// <summary>Something that is done once, before epochs begin, goes on.</summary>
    /// <param name="what">What.</param>
    /// <param name="done">How much is done.</param>
    /// <param name="total">Of how much.</param>
    void OnPreparation(string what, long done, long total)
    {
    }

    /// <summary>A batch is done.</summary>
    /// <param name="epoch">The epoch, counted from 1.</param>
    /// <param name="images">Images done in this epoch.</param>
    /// <param name="total">Images of an epoch.</param>
    void OnBatch(int epoch, int images, int total);

    /// <summary>An epoch is done.</summary>
    /// <param name="record">Its figures.</param>
    /// <param name="plannedEpochs">The most epochs there will be.</param>
    void OnEpoch(EpochRecord record, int plannedEpochs);

    /// <summary>Something happened.</summary>
    /// <param name="trainingEvent">What.</param>
    void OnEvent(TrainingEvent trainingEvent);
}

/// <summary>A monitor that listens to nothing.</summary>
public sealed class SilentMonitor : ITrainingMonitor
{
    /// <summary>The one instance.</summary>
    public static SilentMonitor Instance { get; } = new();

    /// <inheritdoc/>
    public void OnBatch(int epoch, int images, int total)
    {
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochRecord record, int plannedEpochs)
    {
    }

    /// <inheritdoc/>
    public void OnEvent(TrainingEvent trainingEvent)
    {
    }
}
