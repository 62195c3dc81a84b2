namespace MLNetCnn.Training.Callbacks;

/// <summary>What callbacks can do to a running training.</summary>
internal sealed class TrainingControl(Action<TrainingEvent> report)
{
    /// <summary>What the scheduled learning rate is multiplied with.</summary>
    public double LearningRateFactor { get; set; } = 1;

    /// <summary>Whether training ends after this epoch.</summary>
    public bool StopRequested { get; private set; }

    /// <summary>Ends training after this epoch.</summary>
    public void Stop() => StopRequested = true;

    /// <summary>Records that something happened.</summary>
    public void Report(int epoch, TrainingEventKind kind, string detail) => report(new TrainingEvent(epoch, kind, detail));
}
