using MLNetCnn.AutoML;

namespace MLNetCnn.Tests.AutoML;

public sealed class PostgreSqlTrialStoreTests(PostgreSqlServer server) : TrialStoreTests, IClassFixture<PostgreSqlServer>
{
    protected override string NewLocation() => server.NewDatabase();

    [Fact]
    public async Task A_server_that_restarts_is_waited_for()
    {
        using var store = TrialStore.Open(NewLocation());
        var experiment = store.CreateExperiment("dogs", SearchSpaceJson.Write(TestSpaces.Conditional()), "{}", seed: 0);
        store.Enqueue(experiment.Id, TestSpaces.Conditional().Default);
        var restart = Task.Run(() => server.Restart(TimeSpan.FromSeconds(1)), TestContext.Current.CancellationToken);
        var leased = 0;
        while (!restart.IsCompleted)
        {
            leased += store.Lease(experiment.Id, "a:1", Minute) is { } trial && store.Release(trial) ? 1 : 0;
        }

        await restart;
        Assert.InRange(leased, 1, int.MaxValue);
        Assert.Single(store.GetTrials(experiment.Id));
    }
}
