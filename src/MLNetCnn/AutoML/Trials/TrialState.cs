namespace MLNetCnn.AutoML;

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>Nobody runs it yet, or its worker gave it back.</summary>
    Waiting,

    /// <summary>A worker has it on lease.</summary>
    Running,

    /// <summary>It ran to its end.</summary>
    Finished,

    /// <summary>It was stopped for others did better at the same step, or the time for trials ended.</summary>
    Pruned,

    /// <summary>It ended in an error, or its workers kept ending without a word.</summary>
    Failed,
}
