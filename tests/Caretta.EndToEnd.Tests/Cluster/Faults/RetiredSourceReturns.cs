namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>A host is away for so long that its totals are folded, and comes back: it is told so and begins a new incarnation.</summary>
internal sealed class RetiredSourceReturns(string agent) : LedgerFault(agent)
{
    public override async Task Run(ClusterUnderTest cluster)
    {
        var supervised = cluster.Program(Agent);
        var before = await Retired(cluster);
        await supervised.Kill();
        await Eventually.True(async () => await Retired(cluster) > before, () => "a source to be retired", cluster.RetireAfter * 3);
        supervised.Start();
        await SaysLoss(supervised);
    }

    private static async Task<decimal> Retired(ClusterUnderTest cluster)
    {
        var scrapes = await Task.WhenAll(cluster.WantedMembers.Select(member => member.Program.Scrape()));
        return scrapes.Sum(scrape => scrape?.Sum("caretta_aggregator_sources_retired_total") ?? 0);
    }
}
