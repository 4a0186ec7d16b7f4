namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>The disk under an agent's ledger fills up, and has room again later.</summary>
internal sealed class FullDisk(string agent) : Fault(agent)
{
    public override async Task Run(ClusterUnderTest cluster)
    {
        var supervised = cluster.Program(agent);
        cluster.Disk.Fill();
        await Eventually.True(
            async () => await supervised.Program.Scrape() is { } scrape && scrape.Sum("caretta_node_poll_failures_total") > 0,
            () => $"{this}: a poll that could not be committed; it said:\n{supervised.Program.Output}");
        cluster.Disk.Free();
        await supervised.Program.Ready();
    }
}
