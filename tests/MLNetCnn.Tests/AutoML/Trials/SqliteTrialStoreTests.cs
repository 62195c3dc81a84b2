using Microsoft.Data.Sqlite;

using MLNetCnn.AutoML;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.AutoML;

public sealed class SqliteTrialStoreTests : TrialStoreTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override string NewLocation() => Path.Combine(_folder.Path, "sub", "trials.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_of_something_else_or_of_another_version_is_refused_and_left_alone()
    {
        File.WriteAllText(_folder["text"], new string('x', 5000));
        Assert.Contains("text", Assert.Throws<TrialStoreException>(() => TrialStore.Open(_folder["text"])).Message, StringComparison.Ordinal);
        Execute("other.db", "CREATE TABLE songs (name TEXT)");
        Assert.Contains("it has the table songs", Assert.Throws<TrialStoreException>(() => TrialStore.Open(_folder["other.db"])).Message, StringComparison.Ordinal);
        TrialStore.Open(_folder["newer.db"]).Dispose();
        Execute("newer.db", "UPDATE mlnetcnn_store SET version = 2");
        Assert.Contains("is of version 2", Assert.Throws<TrialStoreException>(() => TrialStore.Open(_folder["newer.db"])).Message, StringComparison.Ordinal);
        Assert.Throws<TrialStoreException>(() => TrialStore.Open(Path.Combine(_folder["text"], "trials.db")));
    }

    [Theory]
    [InlineData(" ", "no trial store is named")]
    [InlineData("postgresql://me:secret@host:port/db", "@host:port/db")]
    [InlineData("postgresql://me:secret@host/db?sslmode=perhaps", "ssl")]
    [InlineData("postgresql://me@host/db?password=secret&color=red", "color")]
    [InlineData("Password=sec@secret;Host=host;Color=red", "color")]
    public void A_location_that_is_none_is_refused_without_its_password(string location, string wrong)
    {
        var error = Assert.Throws<ConfigurationException>(() => TrialStore.Open(location));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Contains(wrong, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("postgresql://user", error.Message, StringComparison.Ordinal);
    }

    // Npgsql lets the failure of a look-up through as it is: it ended processes with all their trials.
    [Fact]
    public void A_server_whose_name_is_not_found_is_a_failure_of_the_store()
    {
        var error = Assert.Throws<TrialStoreException>(() => TrialStore.Open("postgresql://me:secret@server.invalid/trials"));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Contains("server.invalid", error.Message, StringComparison.Ordinal);
    }

    private void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder[file]};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
