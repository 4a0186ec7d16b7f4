namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>The cluster is scaled up by a member, which gets links of its own, and down again.</summary>
internal sealed class MemberComesAndGoes(string member) : Fault(member)
{
    public override bool IsGentle => true;

    public override async Task Run(ClusterUnderTest cluster)
    {
        var supervised = cluster.Program(member);
        supervised.Start();
        await supervised.Ready();
        await Eventually.True(
            async () => await supervised.Program.Scrape() is { } scrape && scrape.Sum("caretta_aggregator_links") > 0,
            () => $"links at the new member; it said:\n{supervised.Program.Output}");
        await Stops(supervised);
    }
}
