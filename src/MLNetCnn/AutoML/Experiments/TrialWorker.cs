using System.Globalization;

namespace MLNetCnn.AutoML;

/// <summary>
/// Takes trials of an experiment one by one, those that wait before new ones, runs them and writes down how they went, until the budget
/// or the space is used up. Any number may work on one experiment, in any number of processes.
/// </summary>
internal sealed class TrialWorker(
    ITrialStore store, ExperimentRecord experiment, ExperimentSettings settings, ITrialRunner runner, ExperimentBudget budget, IMonitor monitor, string name)
{
    private const double HeartbeatsPerLease = 4;

    // So many failures for one reason, one after the other, are no bad luck: from the start, and when some trials did well before.
    private const int Hopeless = 5;
    internal const int HopelessLater = 20;

    // Of the first stage, unless its space has fewer or the time ends; of the dearer ones one will do.
    private const int LeastTrials = 10;

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(200);

    private readonly IReadOnlyList<SearchStage> _stages = SearchStage.Of(SearchSpaceJson.Parse(experiment.Space, experiment.Name));
    private readonly IPruner? _pruner = settings.Pruner is { } pruner ? PrunerCatalog.Create(pruner, settings.MaximumSteps) : null;

    // The seconds of a trial that the final model has kept for it: those of the best when the one under way began, if any.
    private double _keptFor;

    // The trials that had ended before: what they failed for may be mended since.
    private HashSet<int>? _earlier;

    // What the trial under way has told last.
    private volatile TrialReport? _told;

    private TimeSpan Lease => TimeSpan.FromSeconds(settings.LeaseSeconds);

    /// <summary>Works until there is nothing left to do, or <paramref name="stop"/>; the trial under way is then given back.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var trials = store.GetTrials(experiment.Id);
            _keptFor = Ranking.Best(trials) is { } best ? SearchStage.SecondsOfNext(best) : 0;
            if (budget.LeftForTrials(_keptFor) <= 0 || IsHopeless(trials))
            {
                return;
            }

            var trial = store.Lease(experiment.Id, name, Lease) ?? store.Propose(experiment.Id, name, Lease, Propose);
            if (trial is not null)
            {
                _keptFor = IsFirstOfStage(trial, trials) ? 0 : _keptFor;
                await RunAsync(trial, stop).ConfigureAwait(false);
            }
            else if (Others(trials))
            {
                // All may be used up but for what others are running, and theirs may come free: they may be dead, and their leases end.
                await Task.Delay(Idle, CancellationToken.None).ConfigureAwait(false);
            }
            else
            {
                return;
            }
        }
    }

    private bool IsHopeless(IReadOnlyList<TrialRecord> trials)
    {
        var ended = trials.Where(trial => trial.State is not (TrialState.Waiting or TrialState.Running)).ToList();
        _earlier ??= [.. ended.Select(trial => trial.Number)];
        var most = ended.All(trial => trial.State == TrialState.Failed) ? Hopeless : HopelessLater;
        var last = ended.Where(trial => !_earlier.Contains(trial.Number)).TakeLast(most).ToList();
        return last.Count == most && last.All(trial => trial.State == TrialState.Failed) && last.DistinctBy(trial => trial.Result.Reason).Count() == 1;
    }

    private static bool Others(IEnumerable<TrialRecord> trials) => trials.Any(trial => trial.State is TrialState.Running or TrialState.Waiting);

    private bool Full(IReadOnlyList<TrialRecord> trials) => settings.Trials is { } most && trials.Count >= most;

    private Parameter? Propose(TrialSettings next, IReadOnlyList<TrialRecord> trials)
    {
        var now = StageNow(trials);
        if (Full(trials) || IsTooLate(_stages[now], trials))
        {
            return null;
        }

        // Where those to come have nothing left to try, those before may.
        foreach (var stage in _stages.Skip(now).Concat(_stages.Take(now)))
        {
            var own = trials.Where(trial => stage.Has(trial.Parameter)).ToList();
            if (own.Count == 0 && stage != _stages[0] && Ranking.Best(trials) is { } best)
            {
                return stage.First(best.Parameter);
            }

            var tuner = TunerCatalog.Create(settings.Tuner, stage.Space, experiment.Seed, trials: settings.Trials);
            foreach (var trial in own)
            {
                tuner.Update(trial.Result);
            }

            if (tuner.Propose(next) is { } parameter)
            {
                return parameter;
            }
        }

        return null;
    }

    // A trial that the end of the time would cut is not worth beginning: the quickest of its stage says what one takes.
    private bool IsTooLate(SearchStage stage, IReadOnlyList<TrialRecord> trials)
    {
        var whole = trials.Where(trial => trial.State == TrialState.Finished && stage.Has(trial.Parameter)).ToList();
        return whole.Count > 0 && whole.Min(SearchStage.SecondsOfNext) > budget.LeftForTrials(_keptFor);
    }

    // What a way of training can do that was not tried yet is worth more than training what is known once more.
    private bool IsFirstOfStage(TrialRecord trial, IReadOnlyList<TrialRecord> before) =>
        StageOf(trial) is { } own && !before.Any(other => other.Number != trial.Number && own.Has(other.Parameter));

    private SearchStage? StageOf(TrialRecord trial) => _stages.FirstOrDefault(stage => stage.Has(trial.Parameter));

    private int StageNow(IReadOnlyList<TrialRecord> trials)
    {
        var stage = 0;
        while (stage < _stages.Count - 1 && (IsOver(_stages[stage], trials) || Exhausted(_stages[stage], trials)))
        {
            stage++;
        }

        return stage;
    }

    // The first trials fill the caches: it is no use to leave a stage when they are full and nothing was searched.
    private bool IsOver(SearchStage stage, IReadOnlyList<TrialRecord> trials) =>
        (budget.ShareSpent >= stage.Until || trials.Count >= stage.UntilTrial * settings.Trials) && trials.Count(trial => stage.Has(trial.Parameter)) >= (stage == _stages[0] ? LeastTrials : 1);

    private bool Exhausted(SearchStage stage, IReadOnlyList<TrialRecord> trials)
    {
        var own = trials.Where(trial => trial.State is TrialState.Finished or TrialState.Pruned or TrialState.Failed && stage.Has(trial.Parameter)).ToList();
        return Ranking.Best(own) is { } best && own.Count(trial => trial.Number > best.Number) >= settings.StagePatience;
    }

    private async Task RunAsync(TrialRecord trial, CancellationToken stop)
    {
        var began = budget.Spent;
        _told = null;
        monitor.ReportRunningTrial(trial.Result.TrialSettings);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        TrialResult? overrun = null;
        var heartbeat = new Timer(
            _ =>
            {
                overrun ??= Overrun(trial);
                if (overrun is not null)
                {
                    ended.Cancel();
                }
            },
            null, Lease / HeartbeatsPerLease, Lease / HeartbeatsPerLease);

        // Waits for a beat under way: what it may cancel is there until then.
        await using var beats = heartbeat.ConfigureAwait(false);
        TrialResult result;
        try
        {
            result = runner is IPrunableTrialRunner prunable
                ? await prunable.RunAsync(trial.Result.TrialSettings, report => Report(trial, report), ended.Token).ConfigureAwait(false)
                : await runner.RunAsync(trial.Result.TrialSettings, ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && overrun is null)
        {
            store.Release(trial);
            return;
        }
        catch (OperationCanceledException) when (overrun is not null)
        {
            result = overrun;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A trial that breaks costs itself and nothing else.
            result = Failure(trial, error.Message);
        }

        result = result with { DurationInMilliseconds = (budget.Spent - began) * 1000 };
        var best = Ranking.Best(store.GetTrials(experiment.Id));
        if (!store.Complete(trial, result))
        {
            return;
        }

        if (result.State == TrialState.Failed)
        {
            monitor.ReportFailTrial(result);
            return;
        }

        monitor.ReportCompletedTrial(result);
        if (result.State == TrialState.Finished && !(best?.Result.Loss <= result.Loss))
        {
            monitor.ReportBestTrial(result);
        }
    }

    private static TrialResult Failure(TrialRecord trial, string reason) =>
        trial.Result with { State = TrialState.Failed, Reason = reason.ReplaceLineEndings(" ") };

    // Why a trial may not go on, between its steps too: an epoch, or a pass of a backbone, may take minutes.
    private TrialResult? Overrun(TrialRecord trial)
    {
        var used = Environment.WorkingSet / (double)(1 << 20);
        if (used > settings.MegaBytes)
        {
            return Failure(trial, string.Create(CultureInfo.InvariantCulture, $"the process used more than the limit of {settings.MegaBytes:0} MiB")) with { PeakMemoryInMegaByte = used };
        }

        if (budget.LeftForTrials(_keptFor) <= 0)
        {
            var told = _told;
            return trial.Result with { State = TrialState.Pruned, Reason = "the time for trials ended", Steps = told?.Step ?? 0, Loss = told?.Loss ?? double.NaN };
        }

        return HasLease(trial) ? null : Failure(trial, "the lease was lost to another worker");
    }

    // A store that cannot be reached for a moment is asked again at the next beat, well within the lease.
    private bool HasLease(TrialRecord trial)
    {
        try
        {
            return store.Heartbeat(trial, Lease);
        }
        catch (TrialStoreException)
        {
            return true;
        }
    }

    // A network that is fine-tuned learns in other steps than a head on frozen features: only trials of one stage are compared.
    private Func<int, bool> Alike(TrialRecord trial)
    {
        if (_stages.Count == 1 || StageOf(trial) is not { } own)
        {
            return _ => true;
        }

        return store.GetTrials(experiment.Id).Where(other => own.Has(other.Parameter)).Select(other => other.Number).ToHashSet().Contains;
    }

    private string? Report(TrialRecord trial, TrialReport report)
    {
        _told = report;
        if (!store.Report(trial, report))
        {
            return "the lease was lost to another worker";
        }

        if (budget.LeftForTrials(_keptFor) <= 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the time for trials ended after {report.Step} steps");
        }

        if (_pruner is null)
        {
            return null;
        }

        var curves = store.GetCurves(experiment.Id);
        var own = curves.First(curve => curve.TrialId == trial.Number);
        var alike = Alike(trial);
        return _pruner.Prune(own, [.. curves.Where(curve => curve.TrialId != trial.Number && alike(curve.TrialId))])
            && !SearchStage.IsFirstOfNetwork(trial.Parameter, store.GetTrials(experiment.Id).Where(other => other.Number != trial.Number))
            ? string.Create(CultureInfo.InvariantCulture, $"{settings.Pruner}: others did better after {report.Step} steps")
            : null;
    }
}
