using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Links;

public class ContradictionSpecs
{
    private static readonly NetworkLink Link = Traffic.Link(1);

    [Theory]
    [InlineData(3, 2, 200, 100, false)] // grew
    [InlineData(3, 2, 100, 100, false)] // only its levels changed
    [InlineData(3, 2, 99, 100, true)] // a later poll counted less
    [InlineData(2, 2, 100, 100, false)] // sent again
    [InlineData(2, 2, 101, 100, false)] // sent again while the journal still lacks the first
    [InlineData(2, 2, 99, 100, true)] // one sequence, two truths
    [InlineData(1, 2, 50, 100, false)] // overtaken
    public void A_report_contradicts_what_no_ledger_could_have_made(ulong sequence, ulong latest, ulong sent, ulong held, bool contradicts) =>
        Assert.Equal(contradicts, Contradiction.Is(Traffic.Report(Link, sent, sequence), latest, Traffic.Totals(held)));

    [Fact]
    public void One_counter_that_falls_is_enough()
    {
        var held = Traffic.Totals(100);
        var report = Traffic.Report(Link, sent: 1000, sequence: 3) with { Totals = Traffic.Totals(1000) with { Opened = held.Opened - 1 } };
        Assert.True(Contradiction.Is(report, latest: 2, held));
    }

    [Fact]
    public void Sources_that_claim_more_than_can_be_summed_take_nothing_from_the_others()
    {
        var state = new LinkState(Link);
        state.Apply(new Contributor(Traffic.Source("honest")), Traffic.Totals(1000));
        for (var liar = 0; liar < 600; liar++)
        {
            var before = state.Sum;
            state.Apply(new Contributor(Traffic.Source($"liar-{liar}")), new LinkTotals { SentBytes = (1UL << 56) - 1 });
            Assert.Equal(state.Sum, LinkTotals.Max(before, state.Sum)); // it never falls
        }

        Assert.Equal(ulong.MaxValue, state.Sum.SentBytes);
    }
}
