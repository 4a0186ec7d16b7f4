using System.Diagnostics;
using Caretta.Aggregator;
using Caretta.Aggregator.Cluster;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>A member that was too busy to notice may give up others that are well: docs/decisions/0036.</summary>
public class WrongDecisionSpecs
{
    [Fact]
    public async Task Who_gives_up_both_others_shows_nothing_from_then_on_and_ends()
    {
        var seeds = MemberUnderTest.FreeSeeds(3);
        await using var first = await MemberUnderTest.StartAsync(seeds, 0, change: options => options.StableAfter = TimeSpan.FromSeconds(4));
        await using var second = await MemberUnderTest.StartAsync(seeds, 1);
        await using var third = await MemberUnderTest.StartAsync(seeds, 2);
        MemberUnderTest[] members = [first, second, third];
        Array.ForEach(members, member => member.Database.BecomeReady());
        await MemberUnderTest.UntilAsync(() => members.All(member => member.Sees(3) && member.Get<OwnershipLease>().Held));

        first.Cluster.Down(second.Cluster.SelfAddress);
        var givenUp = Stopwatch.StartNew();
        first.Cluster.Down(third.Cluster.SelfAddress);
        await MemberUnderTest.UntilAsync(() => first.Fate.End is not null);

        Assert.Contains("has lost its cluster", first.Fate.End, StringComparison.Ordinal);
        Assert.Contains("may be most of it", first.Fate.End, StringComparison.Ordinal);
        Assert.False(first.Get<OwnershipLease>().Held);
    }

    [Fact]
    public async Task Two_that_give_up_the_third_go_on()
    {
        var seeds = MemberUnderTest.FreeSeeds(3);
        await using var first = await MemberUnderTest.StartAsync(seeds, 0);
        await using var second = await MemberUnderTest.StartAsync(seeds, 1);
        await using var third = await MemberUnderTest.StartAsync(seeds, 2);
        MemberUnderTest[] members = [first, second, third];
        Array.ForEach(members, member => member.Database.BecomeReady());
        await MemberUnderTest.UntilAsync(() => members.All(member => member.Sees(3) && member.Get<OwnershipLease>().Held));

        var givenUp = Stopwatch.StartNew();
        first.Cluster.Down(third.Cluster.SelfAddress);
        await MemberUnderTest.UntilAsync(() => third.Fate.End is not null);
        MemberUnderTest[] left = [first, second];
        await MemberUnderTest.UntilAsync(() => left.All(member => member.Cluster.State.Members.Count == 2));

        // Until what was affirmed before has run out.
        await MemberUnderTest.UntilAsync(() => givenUp.Elapsed > first.Get<AggregatorOptions>().OwnershipBound);
        await MemberUnderTest.UntilAsync(() => left.All(member => member.Get<OwnershipLease>().Held));

        Assert.All(left, member => Assert.Null(member.Fate.End));
    }
}
