using MLNetCnn.Training;

namespace MLNetCnn.Tests.Training;

/// <summary>Stops a training after an epoch, or within the next.</summary>
internal sealed class StopAfter(int epochs, CancellationTokenSource stop, bool within = false) : ITrainingMonitor
{
    public void OnBatch(int epoch, int images, int total)
    {
        if (within && epoch == epochs + 1)
        {
            stop.Cancel();
        }
    }

    public void OnEpoch(EpochRecord record, int plannedEpochs)
    {
        if (!within && record.Epoch == epochs)
        {
            stop.Cancel();
        }
    }

    public void OnEvent(TrainingEvent trainingEvent)
    {
    }
}
