using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

/// <summary>An event that another writer left behind, on a history that is not this one's: decision 14.</summary>
public class ForeignEventSpecs
{
    private static readonly Source Source = Traffic.Source("node-a");

    [Fact]
    public void An_event_that_builds_on_another_history_is_not_read()
    {
        var state = new ShardState();
        var first = new HistoryStep(0, 1);
        Assert.True(state.Apply(Advance(watermark: 1, first)));
        Assert.False(state.Apply(Advance(watermark: 9, new HistoryStep(first.After + 1, 2))));
        Assert.Equal(1UL, state.Watermark(Source));
        Assert.True(state.Apply(Advance(watermark: 2, new HistoryStep(first.After, 3))));
        Assert.Equal(2UL, state.Watermark(Source));
    }

    private static LinksAdvanced Advance(ulong watermark, HistoryStep step) => new(
        DateTimeOffset.UnixEpoch,
        [new LinkAdvance(Traffic.Link(1), new Contributor(Source), Traffic.Totals(watermark))],
        [KeyValuePair.Create(Source, watermark)])
    {
        Step = step,
    };
}
