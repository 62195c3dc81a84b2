using System.Data.Common;
using System.Text.Json;


namespace MLNetCnn.AutoML;

/// <summary>The tables of a trial store, and what a row of them means.</summary>
internal static class TrialRows
{
    public const int Version = 1;

    public const string TrialColumns =
        "id, experiment, number, parameters, seed, state, attempt, lease, worker, leased_until, created, started, ended, " +
        "metric, loss, steps, duration_ms, peak_memory_mb, applied, cache_hits, versions, reason, artifact_folder";

    public const string ExperimentColumns = "id, name, space, settings, seed, created";

    /// <summary>Makes the tables. Times in them are milliseconds since 1970, UTC.</summary>
    /// <param name="identity">The type of a column that numbers rows.</param>
    public static string Tables(string identity) => $"""
        CREATE TABLE IF NOT EXISTS mlnetcnn_store (version BIGINT NOT NULL);
        CREATE TABLE IF NOT EXISTS mlnetcnn_experiments (
            id {identity}, name TEXT NOT NULL UNIQUE, space TEXT NOT NULL, settings TEXT NOT NULL, seed BIGINT NOT NULL, created BIGINT NOT NULL);
        CREATE TABLE IF NOT EXISTS mlnetcnn_trials (
            id {identity}, experiment BIGINT NOT NULL REFERENCES mlnetcnn_experiments (id), number BIGINT NOT NULL, parameters TEXT NOT NULL,
            seed BIGINT NOT NULL, state TEXT NOT NULL, attempt BIGINT NOT NULL DEFAULT 0, lease BIGINT NOT NULL DEFAULT 0, worker TEXT,
            leased_until BIGINT, created BIGINT NOT NULL, started BIGINT, ended BIGINT, metric DOUBLE PRECISION, loss DOUBLE PRECISION,
            steps BIGINT NOT NULL DEFAULT 0, duration_ms DOUBLE PRECISION NOT NULL DEFAULT 0, peak_memory_mb DOUBLE PRECISION,
            applied TEXT, cache_hits BIGINT NOT NULL DEFAULT 0, versions TEXT, reason TEXT, artifact_folder TEXT, UNIQUE (experiment, number));
        CREATE TABLE IF NOT EXISTS mlnetcnn_reports (
            trial BIGINT NOT NULL REFERENCES mlnetcnn_trials (id), step BIGINT NOT NULL, loss DOUBLE PRECISION,
            seconds DOUBLE PRECISION NOT NULL, metrics TEXT NOT NULL, PRIMARY KEY (trial, step));
        """;

    private static readonly JsonSerializerOptions OneLine = new(RecordJson.Options) { WriteIndented = false };

    public static string Word(TrialState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    public static TrialState State(string word) => Enum.Parse<TrialState>(word, ignoreCase: true);

    public static string Json<T>(T value) => JsonSerializer.Serialize(value, OneLine);

    public static ExperimentRecord Experiment(DbDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), Time(row.GetInt64(5)));

    public static TrialRecord Trial(DbDataReader row) => new()
    {
        Id = row.GetInt64(0),
        ExperimentId = row.GetInt64(1),
        Attempt = row.GetInt32(6),
        Lease = row.GetInt32(7),
        Worker = Text(row, 8),
        LeasedUntil = OptionalTime(row, 9),
        Created = Time(row.GetInt64(10)),
        Started = OptionalTime(row, 11),
        Ended = OptionalTime(row, 12),
        Result = new TrialResult
        {
            TrialSettings = new TrialSettings { TrialId = row.GetInt32(2), Parameter = Parameter.Parse(row.GetString(3)), Seed = row.GetInt64(4) },
            State = State(row.GetString(5)),
            Metric = Number(row, 13) ?? double.NaN,
            Loss = Number(row, 14) ?? double.NaN,
            Steps = row.GetInt32(15),
            DurationInMilliseconds = row.GetDouble(16),
            PeakMemoryInMegaByte = Number(row, 17),
            Applied = Text(row, 18) is { } applied ? Parameter.Parse(applied) : null,
            CacheHits = row.GetInt32(19),
            Versions = Read<Dictionary<string, string>>(Text(row, 20)),
            Reason = Text(row, 21),
            ArtifactFolder = Text(row, 22),
        },
    };

    public static TrialReport Report(DbDataReader row) => new(row.GetInt32(0), Number(row, 1) ?? double.NaN)
    {
        Seconds = row.GetDouble(2),
        Metrics = Read<Dictionary<string, double>>(row.GetString(3)),
    };

    public static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static double? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    private static DateTimeOffset? OptionalTime(DbDataReader row, int column) => row.IsDBNull(column) ? null : Time(row.GetInt64(column));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static T Read<T>(string? json)
        where T : new() => json is null ? new T() : JsonSerializer.Deserialize<T>(json, OneLine)!;
}
