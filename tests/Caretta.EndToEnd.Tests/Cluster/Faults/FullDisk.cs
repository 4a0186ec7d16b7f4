namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>The disk under an agent's ledger fills up, and has room again later.</summary>
internal sealed class FullDisk(string agent) : Fault(agent)
{
    public override async Task Run(ClusterUnderTest cluster)
    {
        var supervised = cluster.Program(agent);
        var before = await Failures(supervised) ?? 0;
        cluster.Disk.Fill();
        await Eventually.True(
            async () => await Failures(supervised) > before,
            () => $"{this}: a poll that could not be committed; it said:\n{supervised.Program.Output}");
        cluster.Disk.Free();
        await supervised.Ready();
    }

    private static async Task<decimal?> Failures(Supervised agent) => (await agent.Program.Scrape())?.Sum("caretta_node_poll_failures_total");
}
