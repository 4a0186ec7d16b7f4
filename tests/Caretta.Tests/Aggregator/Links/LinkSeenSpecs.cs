using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Links;

/// <summary>When a link was first and last heard of: what the journal says, whoever restarts.</summary>
public class LinkSeenSpecs
{
    private static readonly NetworkLink Link = Traffic.Link(1);
    private static readonly Source Source = Traffic.Source();

    [Fact]
    public void It_is_the_time_of_the_first_and_of_the_last_event_about_it()
    {
        var state = new ShardState();
        Write(state, atMs: 1000, sent: 1);
        Write(state, atMs: 5000, sent: 2);
        state.Apply(new LinksExpired(DateTimeOffset.FromUnixTimeMilliseconds(9000), [Link.Id]));
        Assert.Equal(new LinkSeen(1000, 5000), state.Link(Link.Id)!.Seen);
    }

    [Fact]
    public void It_outlives_events_in_the_snapshot()
    {
        var state = new ShardState();
        Write(state, atMs: 1000, sent: 1);
        var later = new ShardState(state.Snapshot().ToStored().ToDomain());
        Write(later, atMs: 7000, sent: 2);
        Assert.Equal(new LinkSeen(1000, 7000), later.Link(Link.Id)!.Seen);
    }

    [Fact]
    public void Of_a_link_older_than_that_the_first_time_is_not_known_rather_than_wrong()
    {
        var state = new ShardState(new ShardSnapshot([new StoredLink(Link, false, [new(new Contributor(Source), Traffic.Totals(1))])], [KeyValuePair.Create(Source, 1UL)]));
        Write(state, atMs: 7000, sent: 2);
        Assert.Equal(new LinkSeen(0, 7000), state.Link(Link.Id)!.Seen);
    }

    [Fact]
    public void A_clock_put_back_does_not_move_the_last_time_back()
    {
        var state = new ShardState();
        Write(state, atMs: 7000, sent: 1);
        Write(state, atMs: 1000, sent: 2);
        Assert.Equal(new LinkSeen(7000, 7000), state.Link(Link.Id)!.Seen);
    }

    [Theory]
    [InlineData(5, 9, 3, 7, 3, 9)]
    [InlineData(0, 9, 3, 7, 3, 9)]
    [InlineData(5, 9, 0, 0, 5, 9)]
    public void Of_two_journals_the_earliest_and_the_latest_time_count(long first, long last, long otherFirst, long otherLast, long mergedFirst, long mergedLast)
    {
        StoredLink Stored(LinkSeen seen) => new(Link, false, [new(new Contributor(Source), Traffic.Totals(1))]) { Seen = seen };
        ShardSnapshot Shard(LinkSeen seen) => new([Stored(seen)], [KeyValuePair.Create(Source, 1UL)]);
        var merged = ShardMerge.Of(Shard(new LinkSeen(first, last)), Shard(new LinkSeen(otherFirst, otherLast)));
        Assert.Equal(new LinkSeen(mergedFirst, mergedLast), Assert.Single(merged.Links).Seen);
    }

    private static void Write(ShardState state, long atMs, ulong sent) => state.Apply(new LinksAdvanced(
        DateTimeOffset.FromUnixTimeMilliseconds(atMs), [new LinkAdvance(Link, new Contributor(Source), Traffic.Totals(sent))], [KeyValuePair.Create(Source, 1UL)]));
}
