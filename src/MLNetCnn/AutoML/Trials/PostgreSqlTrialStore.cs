using System.Data.Common;

using Npgsql;

namespace MLNetCnn.AutoML;

/// <summary>Trials in a PostgreSQL database, for the workers of many machines. Its tables' names begin with <c>mlnetcnn_</c>.</summary>
internal sealed class PostgreSqlTrialStore : DatabaseTrialStore
{
    // Any number, the same everywhere: it stands for the making of tables and experiments.
    private const long Making = 0x4D4C4E6574436E6E;

    public PostgreSqlTrialStore(NpgsqlConnectionStringBuilder connection, TimeProvider time)
        : base(NpgsqlDataSource.Create(connection), $"postgresql://{connection.Host}:{connection.Port}/{connection.Database}", time) => Initialize();

    protected override string Identity => "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";

    protected override void Opened(DbConnection connection)
    {
    }

    // Whoever holds an experiment's row is the only one to propose or lease its trials.
    protected override void Lock(Session session, long? experimentId) => session.Query(
        experimentId is null ? "SELECT pg_advisory_xact_lock(@key)" : "SELECT id FROM mlnetcnn_experiments WHERE id = @key FOR UPDATE",
        _ => true,
        ("key", experimentId ?? Making));
}
