namespace MLNetCnn.AutoML;

/// <summary>Is told, and tells nobody.</summary>
public sealed class SilentExperimentMonitor : IMonitor
{
    private SilentExperimentMonitor()
    {
    }

    /// <summary>The only one.</summary>
    public static SilentExperimentMonitor Instance { get; } = new();

    /// <inheritdoc/>
    public void ReportCompletedTrial(TrialResult result)
    {
    }

    /// <inheritdoc/>
    public void ReportBestTrial(TrialResult result)
    {
    }

    /// <inheritdoc/>
    public void ReportFailTrial(TrialResult result)
    {
    }

    /// <inheritdoc/>
    public void ReportRunningTrial(TrialSettings setting)
    {
    }
}
