namespace MLNetCnn.AutoML;

/// <summary>
/// Keeps experiments and their trials, for any number of workers in any number of processes: every trial is had by one worker at a
/// time, on a lease that it renews; the trial of a worker that ended without a word is taken up by another when the lease has run out.
/// </summary>
/// <remarks>
/// All members may be called from any thread. Everything written is kept once the call returns, whatever becomes of the process.
/// Times are UTC by the store's <see cref="TimeProvider"/>; the clocks of several machines must agree to well within a lease.
/// Every member throws <see cref="TrialStoreException"/> where the store can't be reached, also not within a minute if it could be before, or has other content than expected.
/// </remarks>
public interface ITrialStore : IDisposable
{
    /// <summary>How many attempts a trial gets before it counts as failed.</summary>
    const int MaximumAttempts = 3;

    /// <summary>Makes an experiment.</summary>
    /// <param name="name">A name that no experiment of the store has.</param>
    /// <param name="space">Its search space, as <see cref="SearchSpaceJson"/> writes it.</param>
    /// <param name="settings">Its settings, as JSON.</param>
    /// <param name="seed">The seed of its tuner and trials; trial n has the seed <paramref name="seed"/> + n.</param>
    /// <exception cref="ConfigurationException">The name is taken.</exception>
    ExperimentRecord CreateExperiment(string name, string space, string settings, long seed);

    /// <summary>Gives an experiment other settings, such as a larger budget to go on with: for workers that begin from now on.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="settings">Its settings, as JSON.</param>
    void ChangeSettings(long experimentId, string settings);

    /// <summary>The experiment of a name; null where there is none.</summary>
    ExperimentRecord? FindExperiment(string name);

    /// <summary>All experiments, oldest first.</summary>
    IReadOnlyList<ExperimentRecord> GetExperiments();

    /// <summary>Adds a trial that waits for a worker, such as the default run or one that did well elsewhere.</summary>
    /// <returns>The trial; null where the experiment has one of that parameter.</returns>
    TrialRecord? Enqueue(long experimentId, Parameter parameter);

    /// <summary>
    /// Has the next trial proposed and leases it at once. Proposals of one experiment come one after the other, over all processes.
    /// </summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="worker">Who asks.</param>
    /// <param name="lease">How long the lease is.</param>
    /// <param name="propose">Given the trial's settings (its number and seed) and all trials so far in order, proposes a parameter, or null for none.</param>
    /// <returns>The trial, running; null where nothing was proposed.</returns>
    TrialRecord? Propose(long experimentId, string worker, TimeSpan lease, Func<TrialSettings, IReadOnlyList<TrialRecord>, Parameter?> propose);

    /// <summary>
    /// Leases the first trial that waits, or whose lease has run out. One that had <see cref="MaximumAttempts"/> fails instead, with
    /// the reason.
    /// </summary>
    /// <returns>The trial, running; null where there is none.</returns>
    TrialRecord? Lease(long experimentId, string worker, TimeSpan lease);

    /// <summary>Renews a lease.</summary>
    /// <param name="leased">The trial as it was leased.</param>
    /// <param name="lease">How long the lease is from now.</param>
    /// <returns>False where the lease was lost to another worker: the trial is to be dropped.</returns>
    bool Heartbeat(TrialRecord leased, TimeSpan lease);

    /// <summary>Notes how a leased trial stands after a step, in place of what was noted of this step and later ones.</summary>
    /// <param name="leased">The trial as it was leased.</param>
    /// <param name="report">The step.</param>
    /// <returns>False where the lease was lost: nothing was noted.</returns>
    bool Report(TrialRecord leased, TrialReport report);

    /// <summary>Ends a leased trial.</summary>
    /// <param name="leased">The trial as it was leased.</param>
    /// <param name="result">How it went: finished, pruned or failed.</param>
    /// <returns>False where the lease was lost: nothing was noted.</returns>
    bool Complete(TrialRecord leased, TrialResult result);

    /// <summary>Gives a leased trial back unfinished: it waits for the next worker, and the attempt does not count.</summary>
    /// <param name="leased">The trial as it was leased.</param>
    /// <returns>False where the lease was lost.</returns>
    bool Release(TrialRecord leased);

    /// <summary>Ends the leases of a worker that is known to be dead: its trials are free at once, and the attempts count.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="worker">The worker's name.</param>
    /// <returns>How many trials it was running.</returns>
    int Abandon(long experimentId, string worker);

    /// <summary>Lets the trials that failed for one reason wait for a worker once more, with their attempts anew: what they failed for may be mended. What they reported stays until they report again.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="reason">The reason.</param>
    /// <returns>How many there were.</returns>
    int Retry(long experimentId, string reason);

    /// <summary>All trials of an experiment, by number.</summary>
    IReadOnlyList<TrialRecord> GetTrials(long experimentId);

    /// <summary>The reports of a trial, by step.</summary>
    IReadOnlyList<TrialReport> GetReports(long trialId);

    /// <summary>The learning curves of an experiment's trials, by number; those without a report included.</summary>
    IReadOnlyList<TrialCurve> GetCurves(long experimentId);
}
