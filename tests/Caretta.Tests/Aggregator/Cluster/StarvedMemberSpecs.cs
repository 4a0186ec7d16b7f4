using Caretta.Aggregator.Journal.Database;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>
/// A database that stands still has a thread of the common pool for each connection: such a member is not put out. See docs/decisions/0035-what-waits-has-threads-enough.md.
/// </summary>
[Collection(SharedPostgres.Name)]
public class StarvedMemberSpecs(SharedPostgres postgres)
{
    [Fact]
    public async Task A_member_whose_connections_all_keep_a_thread_stays_one_and_takes_part_in_letting_another_in()
    {
        await using var cluster = await ProcessCluster.PrepareAsync(postgres.Server, 3);
        await Task.WhenAll(cluster.StartMemberAsync(0), cluster.StartStarvableMemberAsync(1));
        await cluster.UntilSpreadAsync(2);

        await cluster.Member(1).StarveAsync(PostgreSqlConnections.PoolSize);
        await cluster.StartMemberAsync(2);

        // It is let in once every member has heard of it. One that hears nobody would be put out before.
        await Eventually.TrueAsync(() => SeesAllAsync(cluster.Member(2)));
        await Eventually.TrueAsync(() => SeesAllAsync(cluster.Member(0)));
        Assert.All([cluster.Member(0), cluster.Member(2)], member => Assert.DoesNotContain(member.Lines, line => line.Contains(" is downing ", StringComparison.Ordinal)));
    }

    private static async Task<bool> SeesAllAsync(AggregatorProcess member)
    {
        var page = await member.ScrapeAsync();
        return page.Value("caretta_aggregator_members") == 3 && page.Value("caretta_aggregator_members_unreachable") == 0;
    }
}
