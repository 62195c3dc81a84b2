namespace MLNetCnn.Tests.AutoML;

public sealed class PostgreSqlTrialStoreTests(PostgreSqlServer server) : TrialStoreTests, IClassFixture<PostgreSqlServer>
{
    protected override string NewLocation() => server.NewDatabase();
}
