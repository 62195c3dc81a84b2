using System.Data.Common;

using Microsoft.Data.Sqlite;

namespace MLNetCnn.AutoML;

/// <summary>
/// Trials in one SQLite file, for any number of processes of one machine. The file is in write-ahead mode: reading never waits for
/// writing, and what was committed outlives any process.
/// </summary>
internal sealed class SqliteTrialStore : DatabaseTrialStore
{
    public SqliteTrialStore(string path, TimeProvider time)
        : base(SqliteFactory.Instance.CreateDataSource(ConnectionString(path)), path, time)
    {
        Prepare(path);
        Initialize();
    }

    protected override string Identity => "INTEGER PRIMARY KEY AUTOINCREMENT";

    protected override void Opened(DbConnection connection) =>
        new Session(connection, null).Execute("PRAGMA busy_timeout = 60000; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");

    // A transaction of SQLite takes the write lock as it begins: it is the only one.
    protected override void Lock(Session session, long? experimentId)
    {
    }

    public override void Dispose()
    {
        using (var connection = (SqliteConnection)Source.CreateConnection())
        {
            SqliteConnection.ClearPool(connection);
        }

        base.Dispose();
    }

    private static string ConnectionString(string path) => new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 60 }.ConnectionString;

    private void Prepare(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrialStoreException($"the trial store {path} can't be made: {error.Message}", error);
        }

        Run(session =>
        {
            var tables = session.Query("SELECT name FROM sqlite_master WHERE type = 'table'", row => row.GetString(0));
            if (tables.Count > 0 && !tables.Contains("mlnetcnn_store"))
            {
                throw new TrialStoreException($"{path} is a database of something else (it has the table {tables[0]}): name another file for the trial store");
            }

            session.Query("PRAGMA journal_mode = WAL", row => row.GetString(0));
            return true;
        });
    }
}
