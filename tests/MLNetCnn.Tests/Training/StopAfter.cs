using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

/// <summary>Stops a training after an epoch.</summary>
internal sealed class StopAfter(int epochs, CancellationTokenSource stop) : ITrainingMonitor
{
    public void OnBatch(int epoch, int images, int total)
    {
    }

    public void OnEpoch(EpochRecord record, int plannedEpochs)
    {
        if (record.Epoch == epochs)
        {
            stop.Cancel();
        }
    }

    public void OnEvent(TrainingEvent trainingEvent)
    {
    }
}
