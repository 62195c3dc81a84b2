namespace MLNetCnn.AutoML;

/// <summary>Is told how an experiment goes.</summary>
public interface IMonitor
{
    /// <summary>A trial finished or was pruned.</summary>
    void ReportCompletedTrial(TrialResult result);

    /// <summary>A trial finished with the lowest loss so far.</summary>
    void ReportBestTrial(TrialResult result);

    /// <summary>A trial failed; its reason says why.</summary>
    void ReportFailTrial(TrialResult result);

    /// <summary>A trial starts.</summary>
    void ReportRunningTrial(TrialSettings setting);
}
