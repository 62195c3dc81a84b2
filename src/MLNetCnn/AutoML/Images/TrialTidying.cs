namespace MLNetCnn.AutoML;

/// <summary>Removes the work of trials that will not be among the finalists, and tells another monitor all that it is told.</summary>
/// <param name="store">Where the trials are.</param>
/// <param name="name">Their experiment's name in it.</param>
/// <param name="finalists">How many trials are evaluated at the end.</param>
/// <param name="folder">Where trials leave their work.</param>
/// <param name="monitor">The other monitor.</param>
internal sealed class TrialTidying(ITrialStore store, string name, int finalists, string folder, IMonitor monitor) : IMonitor
{
    // Work of trials that is kept at least, so that finalists need not be trained again.
    private const int Kept = 5;

    private readonly Lock _lock = new();
    private readonly Lazy<ExperimentRecord> _experiment = new(() => store.FindExperiment(name)!);

    public void ReportRunningTrial(TrialSettings setting) => monitor.ReportRunningTrial(setting);

    public void ReportBestTrial(TrialResult result) => monitor.ReportBestTrial(result);

    public void ReportCompletedTrial(TrialResult result)
    {
        Tidy();
        monitor.ReportCompletedTrial(result);
    }

    public void ReportFailTrial(TrialResult result)
    {
        Tidy();
        monitor.ReportFailTrial(result);
    }

    private void Tidy()
    {
        lock (_lock)
        {
            var trials = store.GetTrials(_experiment.Value.Id);
            var kept = Ranking.Of(trials).Take(Kept).Concat(Finalists.Of(trials, finalists)).Select(trial => trial.Number).ToHashSet();
            if (kept.Count == 0)
            {
                // What the time leaves unfinished may have to do.
                return;
            }

            foreach (var trial in trials.Where(trial => trial.State is TrialState.Finished or TrialState.Pruned or TrialState.Failed && !kept.Contains(trial.Number)))
            {
                var own = Path.Combine(folder, ImageTrials.NameOf(trial.Number));
                try
                {
                    Directory.Delete(own, recursive: true);
                }
                catch (IOException)
                {
                    // It is not there, or a worker in another process tidies too.
                }
            }
        }
    }
}
