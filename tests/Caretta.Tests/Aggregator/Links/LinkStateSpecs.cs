using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;
using CsCheck;

namespace Caretta.Tests.Aggregator.Links;

public class LinkStateSpecs
{
    private const int Sources = 3;
    private const int Reports = 12;

    private static readonly NetworkLink Link = Traffic.Link(1);

    private static readonly Contributor[] By =
        [.. Enumerable.Range(0, Sources).Select(number => new Contributor(Traffic.Source($"node-{number}")))];

    /// <summary>What one source counted from report to report, up to where sums over three of them would leave a double's range.</summary>
    private static readonly Gen<LinkTotals[]> Growing = Gen.ULong[0, 1UL << 54].Array[11]
        .Select(counts => new LinkTotals(
            counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7], counts[8], counts[9], counts[10]))
        .Array[Reports]
        .Select(increases => increases.Select((_, last) => Sum(increases.Take(last + 1))).ToArray());

    [Fact]
    public void Any_interleaving_with_duplicates_ends_at_the_sum_of_the_sources_latest_and_never_falls()
    {
        // Every report of every source arrives at least once, some again, in any order.
        var arrivals = Gen.Select(Gen.Int[0, Sources - 1], Gen.Int[0, Reports - 1]).Array[0, 60]
            .SelectMany(again => Gen.Shuffle(Enumerable.Range(0, Sources * Reports)
                .Select(number => (number / Reports, number % Reports))
                .Concat(again)
                .ToArray()));
        Gen.Select(Growing.Array[Sources], arrivals).Sample(
            (reported, order) =>
            {
                var state = new LinkState(Link);
                foreach (var (source, report) in order)
                {
                    var before = state.Sum;
                    Journal(state, By[source], reported[source][report]);
                    Assert.Equal(state.Sum, LinkTotals.Max(before, state.Sum));
                }

                Assert.Equal(Sum(reported.Select(totals => totals[^1])), state.Sum);
            },
            iter: 2000);
    }

    [Fact]
    public void Batches_decided_on_the_same_state_may_be_journalled_in_either_order()
    {
        Gen.Select(Growing, Gen.Shuffle(Enumerable.Range(0, Reports).ToArray())).Sample(
            (reported, order) =>
            {
                var state = new LinkState(Link);
                var decisions = reported.Select(totals => state.Decide(Link, By[0], totals)).ToArray(); // before any is applied
                foreach (var number in order.Where(number => decisions[number].Kind == DecisionKind.Advances))
                {
                    var before = state.Sum;
                    state.Apply(By[0], decisions[number].Totals);
                    Assert.Equal(state.Sum, LinkTotals.Max(before, state.Sum));
                }

                Assert.Equal(reported[^1], state.Sum);
            },
            iter: 1000);
    }

    [Fact]
    public void A_redelivered_report_is_nothing_new()
    {
        var state = Holding((By[0], Traffic.Totals(sent: 1000)));
        Assert.Equal(DecisionKind.NothingNew, state.Decide(Link, By[0], Traffic.Totals(sent: 1000)).Kind);
    }

    [Fact]
    public void An_overtaken_report_is_nothing_new()
    {
        var state = Holding((By[0], Traffic.Totals(sent: 1000)));
        Assert.Equal(DecisionKind.NothingNew, state.Decide(Link, By[0], Traffic.Totals(sent: 999)).Kind);
    }

    [Fact]
    public void A_grown_report_replaces_what_is_held_and_is_not_added_to_it()
    {
        var state = Holding((By[0], Traffic.Totals(sent: 1000)));
        Assert.Equal(
            new LinkDecision(DecisionKind.Advances, Traffic.Totals(sent: 1500)), state.Decide(Link, By[0], Traffic.Totals(sent: 1500)));
    }

    [Fact]
    public void Each_counter_has_a_maximum_of_its_own()
    {
        var state = Holding((By[0], new LinkTotals { SentBytes = 10, ReceivedBytes = 4 }));
        var decision = state.Decide(Link, By[0], new LinkTotals { SentBytes = 7, ReceivedBytes = 5 });
        Assert.Equal(new LinkDecision(DecisionKind.Advances, new LinkTotals { SentBytes = 10, ReceivedBytes = 5 }), decision);
    }

    [Fact]
    public void A_first_report_of_nothing_yet_advances_so_that_the_link_is_known()
    {
        Assert.Equal(new LinkDecision(DecisionKind.Advances), new LinkState(Link).Decide(Link, By[0], default));
    }

    [Fact]
    public void Totals_of_two_sources_are_added()
    {
        var state = Holding((By[0], Traffic.Totals(sent: 1000)), (By[1], Traffic.Totals(sent: 20)));
        Assert.Equal(Traffic.Totals(sent: 1000) + Traffic.Totals(sent: 20), state.Sum);
    }

    [Fact]
    public void Totals_of_two_incarnations_of_a_node_are_added()
    {
        var state = Holding(
            (new(Traffic.Source("node")), Traffic.Totals(sent: 1000)), (new(Traffic.Source("node")), Traffic.Totals(sent: 20)));
        Assert.Equal(1020UL, state.Sum.SentBytes);
    }

    [Fact]
    public void Links_that_share_an_overflow_link_keep_their_own_maximum()
    {
        var source = Traffic.Source();
        var state = Holding((new(source, Origin: 1), Traffic.Totals(sent: 1000)), (new(source, Origin: 2), Traffic.Totals(sent: 20)));
        Assert.Equal(1020UL, state.Sum.SentBytes);
    }

    [Fact]
    public void A_decision_alone_changes_nothing()
    {
        var state = Holding((By[0], Traffic.Totals(sent: 1000)));
        state.Decide(Link, By[0], Traffic.Totals(sent: 5000));
        Assert.Equal(Traffic.Totals(sent: 1000), state.Sum);
    }

    [Fact]
    public void Another_link_under_the_same_id_collides_and_is_not_added_up()
    {
        var state = Holding((By[0], Traffic.Totals(sent: 1000)));
        Assert.Equal(new LinkDecision(DecisionKind.Collides), state.Decide(Traffic.Link(2), By[0], Traffic.Totals(sent: 5000)));
    }

    [Fact]
    public void A_workload_with_a_new_owner_is_the_same_link()
    {
        var state = Holding((By[0], Traffic.Totals(sent: 1000)));
        var renamed = Link with { Client = Link.Client with { Owner = "somebody else" } };
        Assert.Equal(DecisionKind.Advances, state.Decide(renamed, By[0], Traffic.Totals(sent: 1001)).Kind);
    }

    private static LinkState Holding(params (Contributor By, LinkTotals Totals)[] held)
    {
        var state = new LinkState(Link);
        foreach (var (by, totals) in held)
        {
            Journal(state, by, totals);
        }

        return state;
    }

    /// <summary>As the ledger does: what was decided is journalled, and applied after that.</summary>
    private static void Journal(LinkState state, Contributor by, LinkTotals reported)
    {
        if (state.Decide(Link, by, reported) is { Kind: DecisionKind.Advances } decision)
        {
            state.Apply(by, decision.Totals);
        }
    }

    private static LinkTotals Sum(IEnumerable<LinkTotals> totals) => totals.Aggregate(default(LinkTotals), (sum, next) => sum + next);
}
