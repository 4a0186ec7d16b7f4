using System.Diagnostics;
using Akka.Actor;
using Caretta.Aggregator;
using Caretta.Aggregator.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>A member that was too busy to notice may give up others that are well, or may not hear that it was given up itself: docs/decisions/0036.</summary>
public sealed class WrongDecisionSpecs : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly List<MemberUnderTest> _members = [];

    [Fact]
    public async Task Who_gives_up_both_others_shows_nothing_from_then_on_and_ends()
    {
        await StartThreeAsync(firsts: new OwnershipPatience(TimeSpan.FromSeconds(2), Long));
        var (first, second, third) = (_members[0], _members[1], _members[2]);

        first.Cluster.Down(second.Cluster.SelfAddress);
        first.Cluster.Down(third.Cluster.SelfAddress);
        await MemberUnderTest.UntilAsync(() => first.Fate.End is not null);

        Assert.Contains("has lost its cluster: those that it gave up may be most of it", first.Fate.End, StringComparison.Ordinal);
        Assert.False(first.Get<OwnershipLease>().Held);
    }

    [Fact]
    public async Task Two_that_give_up_the_third_go_on()
    {
        await StartThreeAsync(firsts: new OwnershipPatience(TimeSpan.FromSeconds(2), Long));
        var (left, third) = (_members[..2], _members[2]);

        var givenUp = Stopwatch.StartNew();
        left[0].Cluster.Down(third.Cluster.SelfAddress);
        await MemberUnderTest.UntilAsync(() => left.All(member => member.Cluster.State.Members.Count == 2));

        // Until what was affirmed before has run out.
        await MemberUnderTest.UntilAsync(() => givenUp.Elapsed > left[0].Get<AggregatorOptions>().OwnershipBound);
        await MemberUnderTest.UntilAsync(() => left.All(member => member.Get<OwnershipLease>().Held));
        Assert.All(left, member => Assert.Null(member.Fate.End));
    }

    [Fact]
    public async Task Whom_the_others_affirm_no_more_ends()
    {
        await StartThreeAsync(firsts: new OwnershipPatience(Long, TimeSpan.FromSeconds(10)));
        _members[1..].ForEach(member => member.System.ActorSelection($"/user/{MembershipActor.Name}").Tell(PoisonPill.Instance));
        await MemberUnderTest.UntilAsync(() => _members[0].Fate.End is not null);

        Assert.Contains("has lost its cluster: the other members have not affirmed it", _members[0].Fate.End, StringComparison.Ordinal);
        Assert.False(_members[0].Get<OwnershipLease>().Held);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }
    }

    /// <summary>Until all are members and say so of one another.</summary>
    private async Task StartThreeAsync(OwnershipPatience firsts)
    {
        var seeds = MemberUnderTest.FreeSeeds(3);
        _members.Add(await MemberUnderTest.StartAsync(seeds, 0, services => services.AddSingleton(firsts)));
        _members.Add(await MemberUnderTest.StartAsync(seeds, 1));
        _members.Add(await MemberUnderTest.StartAsync(seeds, 2));
        _members.ForEach(member => member.Database.BecomeReady());
        await MemberUnderTest.UntilAsync(() => _members.TrueForAll(member => member.Sees(3) && member.Get<OwnershipLease>().Held));
    }
}
