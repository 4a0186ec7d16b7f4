namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>PostgreSQL is stopped cleanly, as for its own update, and started again.</summary>
internal sealed class DatabaseStopped(TimeSpan time) : DatabaseFault
{
    public override IEnumerable<string> Traces => ["caretta_aggregator_persist_failures_total", "caretta_aggregator_journal_interruptions_total"];

    protected override async Task Happen(ClusterUnderTest cluster)
    {
        await cluster.Postgres.StopAsync();
        await IsSilent(cluster, time);
        await cluster.Postgres.StartAgainAsync();
    }
}
