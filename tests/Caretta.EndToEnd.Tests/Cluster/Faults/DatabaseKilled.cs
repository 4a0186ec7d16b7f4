namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>kill -9 of all of PostgreSQL's processes: what it had not synced is gone.</summary>
internal sealed class DatabaseKilled : DatabaseFault
{
    public override IEnumerable<string> Traces => ["caretta_aggregator_persist_failures_total"];

    protected override async Task Happen(ClusterUnderTest cluster)
    {
        await cluster.Postgres.KillAsync();
        await IsSilent(cluster, TimeSpan.FromSeconds(2));
        await cluster.Postgres.StartAgainAsync();
    }
}
