using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace MLNetCnn.AutoML;

/// <summary>A trial store in a database; what SQLite and PostgreSQL do alike.</summary>
internal abstract class DatabaseTrialStore : ITrialStore
{
    // A lease is one worker's as long as no later one was given.
    private const string Leased = "WHERE id = @id AND lease = @lease AND state = 'running'";

    // A server that restarts is back within that; a trial under way costs more than the wait.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly string _place;
    private readonly TimeProvider _time;
    private volatile bool _wasReached;

    protected DatabaseTrialStore(DbDataSource source, string place, TimeProvider time) => (Source, _place, _time) = (source, place, time);

    protected DbDataSource Source { get; }

    /// <summary>The type of a column that numbers rows.</summary>
    protected abstract string Identity { get; }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public ExperimentRecord CreateExperiment(string name, string space, string settings, long seed) => InTransaction(session =>
    {
        Lock(session, null);
        if (FindExperiment(session, name) is { } existing)
        {
            throw new ConfigurationException($"the store {_place} has an experiment '{name}', of {existing.Created:u}: resume it, or take another name");
        }

        session.Execute(
            "INSERT INTO mlnetcnn_experiments (name, space, settings, seed, created) VALUES (@name, @space, @settings, @seed, @now)",
            ("name", name), ("space", space), ("settings", settings), ("seed", seed), ("now", Now));
        return FindExperiment(session, name)!;
    });

    public void ChangeSettings(long experimentId, string settings) => Run(session => session.Execute(
        "UPDATE mlnetcnn_experiments SET settings = @settings WHERE id = @id", ("settings", settings), ("id", experimentId)));

    public ExperimentRecord? FindExperiment(string name) => Run(session => FindExperiment(session, name));

    public IReadOnlyList<ExperimentRecord> GetExperiments() =>
        Run(session => session.Query($"SELECT {TrialRows.ExperimentColumns} FROM mlnetcnn_experiments ORDER BY id", TrialRows.Experiment));

    public TrialRecord? Enqueue(long experimentId, Parameter parameter) => InTransaction(session =>
    {
        Lock(session, experimentId);
        var trials = Trials(session, experimentId);
        return trials.Any(trial => trial.Parameter.Equals(parameter)) ? null : Add(session, experimentId, Next(session, experimentId, trials.Count) with { Parameter = parameter });
    });

    public TrialRecord? Propose(long experimentId, string worker, TimeSpan lease, Func<TrialSettings, IReadOnlyList<TrialRecord>, Parameter?> propose) =>
        InTransaction(session =>
        {
            Lock(session, experimentId);
            var trials = Trials(session, experimentId);
            var settings = Next(session, experimentId, trials.Count);
            return propose(settings, trials) is { } parameter
                ? Take(session, Add(session, experimentId, settings with { Parameter = parameter }), worker, lease)
                : null;
        });

    public TrialRecord? Lease(long experimentId, string worker, TimeSpan lease) => InTransaction(session =>
    {
        Lock(session, experimentId);
        while (true)
        {
            var free = session.Query(
                $"SELECT {TrialRows.TrialColumns} FROM mlnetcnn_trials WHERE experiment = @experiment AND (state = 'waiting' OR (state = 'running' AND leased_until <= @now)) ORDER BY number LIMIT 1",
                TrialRows.Trial, ("experiment", experimentId), ("now", Now));
            if (free is not [var trial])
            {
                return null;
            }

            if (trial.Attempt < ITrialStore.MaximumAttempts)
            {
                return Take(session, trial, worker, lease);
            }

            // Nobody ran it after its last lease.
            var reason = string.Create(CultureInfo.InvariantCulture, $"{trial.Attempt} workers ended without a word while they ran it, the last {trial.Worker}: it may need more memory than there is");
            session.Execute(
                "UPDATE mlnetcnn_trials SET state = 'failed', reason = @reason, ended = COALESCE(leased_until, @now), leased_until = NULL WHERE id = @id",
                ("reason", reason), ("now", Now), ("id", trial.Id));
        }
    });

    public bool Heartbeat(TrialRecord leased, TimeSpan lease) => Run(session => session.Execute(
        $"UPDATE mlnetcnn_trials SET leased_until = @until {Leased}",
        ("until", Now + (long)lease.TotalMilliseconds), ("id", leased.Id), ("lease", leased.Lease)) == 1);

    public bool Report(TrialRecord leased, TrialReport report)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(report.Step, 1, nameof(report));
        return InTransaction(session =>
        {
            if (session.Execute($"UPDATE mlnetcnn_trials SET steps = @step {Leased}", ("step", report.Step), ("id", leased.Id), ("lease", leased.Lease)) == 0)
            {
                return false;
            }

            session.Execute("DELETE FROM mlnetcnn_reports WHERE trial = @id AND step >= @step", ("id", leased.Id), ("step", report.Step));
            session.Execute(
                "INSERT INTO mlnetcnn_reports (trial, step, loss, seconds, metrics) VALUES (@id, @step, @loss, @seconds, @metrics)",
                ("id", leased.Id), ("step", report.Step), ("loss", report.Loss), ("seconds", report.Seconds), ("metrics", TrialRows.Json(report.Metrics)));
            return true;
        });
    }

    public bool Complete(TrialRecord leased, TrialResult result)
    {
        if (result.State is TrialState.Waiting or TrialState.Running)
        {
            throw new ArgumentException($"a trial does not end {TrialRows.Word(result.State)}: say finished, pruned or failed", nameof(result));
        }

        return Run(session => session.Execute(
            $"""
            UPDATE mlnetcnn_trials SET state = @state, ended = @now, leased_until = NULL, metric = @metric, loss = @loss, steps = @steps,
                duration_ms = @duration, peak_memory_mb = @memory, applied = @applied, cache_hits = @hits, versions = @versions,
                reason = @reason, artifact_folder = @folder {Leased}
            """,
            ("state", TrialRows.Word(result.State)), ("now", Now), ("metric", result.Metric), ("loss", result.Loss), ("steps", result.Steps),
            ("duration", result.DurationInMilliseconds), ("memory", result.PeakMemoryInMegaByte), ("applied", result.Applied?.ToString()),
            ("hits", result.CacheHits), ("versions", TrialRows.Json(result.Versions)), ("reason", result.Reason),
            ("folder", result.ArtifactFolder), ("id", leased.Id), ("lease", leased.Lease)) == 1);
    }

    public bool Release(TrialRecord leased) => Run(session => session.Execute(
        $"UPDATE mlnetcnn_trials SET state = 'waiting', attempt = attempt - 1, leased_until = NULL {Leased}",
        ("id", leased.Id), ("lease", leased.Lease)) == 1);

    public int Abandon(long experimentId, string worker) => Run(session => session.Execute(
        "UPDATE mlnetcnn_trials SET leased_until = @now WHERE experiment = @experiment AND state = 'running' AND worker = @worker",
        ("now", Now), ("experiment", experimentId), ("worker", worker)));

    public int Retry(long experimentId, string reason) => Run(session => session.Execute(
        "UPDATE mlnetcnn_trials SET state = 'waiting', attempt = 0, ended = NULL, leased_until = NULL, reason = NULL WHERE experiment = @experiment AND state = 'failed' AND reason = @reason",
        ("experiment", experimentId), ("reason", reason)));

    public IReadOnlyList<TrialRecord> GetTrials(long experimentId) => Run(session => Trials(session, experimentId));

    public IReadOnlyList<TrialReport> GetReports(long trialId) => Run(session => session.Query(
        "SELECT step, loss, seconds, metrics FROM mlnetcnn_reports WHERE trial = @id ORDER BY step", TrialRows.Report, ("id", trialId)));

    public IReadOnlyList<TrialCurve> GetCurves(long experimentId)
    {
        var rows = Run(session => session.Query(
            "SELECT number, state, step, r.loss FROM mlnetcnn_trials t LEFT JOIN mlnetcnn_reports r ON r.trial = t.id WHERE t.experiment = @id ORDER BY number, step",
            row => (Number: row.GetInt32(0), State: row.GetString(1), Step: row.IsDBNull(2) ? 0 : row.GetInt32(2), Loss: TrialRows.Number(row, 3) ?? double.NaN),
            ("id", experimentId)));
        return [.. rows.GroupBy(row => row.Number).Select(trial =>
        {
            var losses = Enumerable.Repeat(double.NaN, trial.Max(row => row.Step)).ToArray();
            foreach (var row in trial.Where(row => row.Step > 0))
            {
                losses[row.Step - 1] = row.Loss;
            }

            return new TrialCurve(trial.Key, TrialRows.State(trial.First().State), losses);
        })];
    }

    public virtual void Dispose() => Source.Dispose();

    /// <summary>Prepares a connection that was just opened.</summary>
    protected abstract void Opened(DbConnection connection);

    /// <summary>Waits for whoever else holds an experiment, until the transaction ends; where it is null, the making of tables and experiments.</summary>
    protected abstract void Lock(Session session, long? experimentId);

    /// <summary>Makes the tables where there are none.</summary>
    protected void Initialize() => InTransaction(session =>
    {
        Lock(session, null);
        session.Execute(TrialRows.Tables(Identity));
        var versions = session.Query("SELECT version FROM mlnetcnn_store", row => row.GetInt64(0));
        if (versions.Count == 0)
        {
            session.Execute("INSERT INTO mlnetcnn_store (version) VALUES (@version)", ("version", TrialRows.Version));
        }
        else if (versions[0] != TrialRows.Version)
        {
            throw new TrialStoreException($"the trial store {_place} is of version {versions[0]}, and this program's is {TrialRows.Version}: use the program that made it, or another store");
        }

        return true;
    });

    /// <summary>Does something on a connection, statement by statement.</summary>
    protected T Run<T>(Func<Session, T> action) => Guarded(connection => action(new Session(connection, null)));

    private T InTransaction<T>(Func<Session, T> action) => Guarded(connection =>
    {
        using var transaction = connection.BeginTransaction();
        var result = action(new Session(connection, transaction));
        transaction.Commit();
        return result;
    });

    // A store that was there a moment ago is waited for; one that never was is a mistake in its name.
    private T Guarded<T>(Func<DbConnection, T> action)
    {
        var clock = Stopwatch.StartNew();
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                using var connection = Source.OpenConnection();
                Opened(connection);
                var result = action(connection);
                _wasReached = true;
                return result;
            }
            catch (Exception error) when (_wasReached && IsPassing(error) && clock.Elapsed < Patience)
            {
                Thread.Sleep(pause);
            }
            catch (Exception error) when (error is DbException or SocketException or TimeoutException)
            {
                throw new TrialStoreException($"the trial store {_place}: {error.Message}", error);
            }
        }
    }

    // Class 57P of SQLSTATE: the server shuts down, or has not started yet.
    private static bool IsPassing(Exception error) => error switch
    {
        DbException told => told.IsTransient || told.SqlState?.StartsWith("57P", StringComparison.Ordinal) == true,

        // A name that is not found comes as it is.
        _ => error is SocketException or TimeoutException,
    };

    private static ExperimentRecord? FindExperiment(Session session, string name) => session.Query(
        $"SELECT {TrialRows.ExperimentColumns} FROM mlnetcnn_experiments WHERE name = @name", TrialRows.Experiment, ("name", name)).SingleOrDefault();

    private static List<TrialRecord> Trials(Session session, long experimentId) => session.Query(
        $"SELECT {TrialRows.TrialColumns} FROM mlnetcnn_trials WHERE experiment = @experiment ORDER BY number", TrialRows.Trial, ("experiment", experimentId));

    private static TrialSettings Next(Session session, long experimentId, int number)
    {
        var seeds = session.Query("SELECT seed FROM mlnetcnn_experiments WHERE id = @id", row => row.GetInt64(0), ("id", experimentId));
        return seeds is [var seed]
            ? new TrialSettings { TrialId = number, Seed = unchecked(seed + number) }
            : throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"the store has no experiment {experimentId}"));
    }

    private TrialRecord Add(Session session, long experimentId, TrialSettings settings) => session.Query(
        $"""
        INSERT INTO mlnetcnn_trials (experiment, number, parameters, seed, state, created)
        VALUES (@experiment, @number, @parameters, @seed, 'waiting', @now) RETURNING {TrialRows.TrialColumns}
        """,
        TrialRows.Trial, ("experiment", experimentId), ("number", settings.TrialId), ("parameters", settings.Parameter.ToString()), ("seed", settings.Seed), ("now", Now)).Single();

    private TrialRecord Take(Session session, TrialRecord trial, string worker, TimeSpan lease) => session.Query(
        $"""
        UPDATE mlnetcnn_trials SET state = 'running', attempt = attempt + 1, lease = lease + 1, worker = @worker, started = @now, leased_until = @until
        WHERE id = @id RETURNING {TrialRows.TrialColumns}
        """,
        TrialRows.Trial, ("worker", worker), ("now", Now), ("until", Now + (long)lease.TotalMilliseconds), ("id", trial.Id)).Single();
}
