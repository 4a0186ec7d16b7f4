namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>PostgreSQL is stopped cleanly, as for its own update, and started again.</summary>
internal sealed class DatabaseStopped(TimeSpan time) : DatabaseFault
{
    protected override async Task Happen(ClusterUnderTest cluster)
    {
        await cluster.Postgres.StopAsync();
        await Task.Delay(time);
        await cluster.Postgres.StartAgainAsync();
    }
}
