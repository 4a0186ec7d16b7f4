using System.Net;
using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Shards;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>Members that find each other by a list.</summary>
public class FormationSpecs
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Three_members_of_one_list_form_one_cluster_and_share_the_shards(string listenAddress)
    {
        var seeds = MemberUnderTest.FreeSeeds(3, IPAddress.Parse(listenAddress));
        List<MemberUnderTest> members = [];
        try
        {
            for (var index = 0; index < 3; index++)
            {
                members.Add(await MemberUnderTest.StartAsync(seeds, index, listenAddress: listenAddress));
            }

            members.ForEach(member => member.Database.BecomeReady());
            await MemberUnderTest.UntilAsync(() => members.All(member => member.Sees(3)));

            await MemberUnderTest.UntilAsync(() => members.TrueForAll(member => member.Get<RecoveredShards>().Count is 21 or 22)
                && members.Sum(member => member.Get<RecoveredShards>().Count) == 64);
        }
        finally
        {
            foreach (var member in members)
            {
                await member.DisposeAsync();
            }
        }
    }

    /// <summary>A pod's own address is how the API server writes it; without that a member would take itself for another one.</summary>
    [Theory]
    [InlineData("fd00:0:0:0::1", "[fd00::1]:7119")]
    [InlineData("[fd00::1]", "[fd00::1]:7119")]
    [InlineData("10.0.0.1", "10.0.0.1:7119")]
    [InlineData("db.example", "db.example:7119")]
    public void An_address_is_one_however_it_is_written(string host, string shown)
    {
        var address = MemberAddress.At(host, 7119);

        Assert.Equal(shown, $"{address}");
        Assert.Equal(address, MemberAddress.Of(Akka.Actor.Address.Parse($"akka.tcp://caretta@{shown}")));
    }

    [Fact]
    public async Task Without_peers_a_member_begins_a_cluster_when_its_journal_is_ready_and_not_before()
    {
        await using var member = await MemberUnderTest.StartAsync("");
        await using var other = await MemberUnderTest.StartAsync(""); // after it, so that one that waited for nothing would be in before this one is
        other.Database.BecomeReady(shared: false);
        await MemberUnderTest.UntilAsync(() => other.Sees(1));
        Assert.False(member.Sees(1));

        member.Database.BecomeReady(shared: false);

        await MemberUnderTest.UntilAsync(() => member.Sees(1));
    }

    [Theory]
    [InlineData("another", true, "another journal")]
    [InlineData("one", false, "SQLite")]
    public async Task A_member_with_another_journal_or_one_of_its_own_does_not_join(string journal, bool shared, string reason)
    {
        var seeds = MemberUnderTest.FreeSeeds(2);
        await using var first = await MemberUnderTest.StartAsync(seeds, 0);
        await using var second = await MemberUnderTest.StartAsync(seeds, 1);
        first.Database.BecomeReady();
        second.Database.BecomeReady(journal, shared);

        await MemberUnderTest.UntilAsync(() => second.Fate.End is not null);

        Assert.Contains(reason, second.Fate.End, StringComparison.Ordinal);
        await MemberUnderTest.UntilAsync(() => second.Life.ApplicationStopping.IsCancellationRequested);
        Assert.DoesNotContain(first.Cluster.State.Members, member => member.Address.Equals(second.Cluster.SelfAddress));
    }
}
