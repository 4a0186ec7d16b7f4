namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>A host is away for so long that its totals are folded, and comes back: it is told so and begins a new incarnation.</summary>
internal sealed class RetiredSourceReturns(string agent) : LedgerFault(agent)
{
    public override IEnumerable<string> Traces => ["caretta_aggregator_sources_retired_total", "caretta_aggregator_retired_returned_total"];

    public override async Task Run(ClusterUnderTest cluster)
    {
        var supervised = cluster.Program(Agent);
        await Reports(supervised);
        await supervised.Kill();
        TookEffect(await IsHeld(cluster), "the journal held nothing of it");
        await Eventually.True(async () => !await IsHeld(cluster), () => $"{this}: all its incarnations to be retired", cluster.RetireAfter * 5);
        supervised.Start();
        await SaysLoss(supervised);
    }

    /// <summary>Whether the journal still tells its totals from the rest.</summary>
    private async Task<bool> IsHeld(ClusterUnderTest cluster) =>
        (await cluster.ReadJournal("list", "--sources", "-o", "csv", "--namespace", ClusterUnderTest.NodeName(Agent)))
            .Contains($",source,{ClusterUnderTest.NodeName(Agent)},", StringComparison.Ordinal);
}
