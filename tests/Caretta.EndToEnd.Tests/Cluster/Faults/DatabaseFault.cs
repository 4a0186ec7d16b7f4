namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>Something happens to PostgreSQL: the members' writes fail, and go on afterwards without anybody's help.</summary>
internal abstract class DatabaseFault() : Fault(ClusterUnderTest.Database)
{
    public sealed override async Task Run(ClusterUnderTest cluster)
    {
        var before = Failures(cluster);
        await Happen(cluster);
        await Eventually.True(() => Task.FromResult(Failures(cluster) > before), () => $"{this}: a write or recovery that failed");
        await cluster.AllReady();
    }

    protected abstract Task Happen(ClusterUnderTest cluster);

    private static decimal Failures(ClusterUnderTest cluster) =>
        cluster.Exports.Tally.Of("caretta_aggregator_persist_failures_total") + cluster.Exports.Tally.Of("caretta_aggregator_journal_interruptions_total");
}
