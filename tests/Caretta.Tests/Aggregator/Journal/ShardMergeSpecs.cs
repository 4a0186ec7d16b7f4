using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;
using CsCheck;

namespace Caretta.Tests.Aggregator.Journal;

/// <summary>Two histories of one shard.</summary>
public class ShardMergeSpecs
{
    private static readonly NetworkLink[] Links = [.. Traffic.LinksOfShard(JournalledShard.Number).Take(3)];
    private static readonly NetworkLink Other = OverflowLinks.For(JournalledShard.Number, LinkSharding.DefaultShardCount, Role.Client);
    private static readonly Source[] Sources = [Traffic.Source("a"), Traffic.Source("a"), Traffic.Source("b"), Traffic.Source("c")];

    /// <summary>What a shard may come to hold by reports, redirections, expiries, retirements and purges.</summary>
    private static readonly Gen<ShardSnapshot> AnyShard = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 3], Gen.ULong[1, 50]).Array[0, 25].Select(steps =>
    {
        var state = new ShardState();
        var sequence = 0UL;
        foreach (var (what, link, source, sent) in steps)
        {
            var at = TimeSpan.FromMilliseconds(++sequence);
            var by = new Contributor(Sources[source]);
            var redirected = what == 2 && state.Link(Links[link].Id)?.Held.ContainsKey(by) != true;
            var direct = state.Link(Other.Id)?.Held.ContainsKey(by with { Origin = Links[link].Id }) == true;
            var advance = redirected || direct
                ? new LinkAdvance(Other, by with { Origin = Links[link].Id }, Traffic.Totals(sent))
                : new LinkAdvance(Links[link], by, Traffic.Totals(sent));
            _ = state.Replay(what switch
            {
                3 => new LinksExpired(default, [Links[link].Id]),
                4 => new SourcesRetired(default, at, [Sources[source]]),
                5 => new LinksPurged(default, [Links[link].Id]),
                _ => new LinksAdvanced(default, [advance], [KeyValuePair.Create(Sources[source], sequence)]) { Listened = at },
            });
        }

        return state.Snapshot();
    });

    [Fact]
    public void Into_an_empty_shard_it_is_the_other_one() => AnyShard.Sample(shard =>
        Assert.Equal(shard.ToStored(), ShardMerge.Of(new ShardState().Snapshot(), shard).ToStored()));

    [Fact]
    public void What_was_merged_before_changes_nothing() => Gen.Select(AnyShard, AnyShard).Sample((held, more) =>
    {
        var once = ShardMerge.Of(held, more);
        Assert.Equal(once.ToStored(), ShardMerge.Of(once, more).ToStored());
        Assert.Equal(held.ToStored(), ShardMerge.Of(held, held).ToStored());
    });

    [Fact]
    public void No_links_sum_falls_and_none_is_more_than_both_together() => Gen.Select(AnyShard, AnyShard).Sample((held, more) =>
    {
        var (before, added, after) = (Total(held), Total(more), Total(ShardMerge.Of(held, more)));
        Assert.InRange(after, Math.Max(before, 0), before + added);
        Assert.All(held.Links, link => Assert.True(SumOf(ShardMerge.Of(held, more), link.Link) >= SumOf(held, link.Link)));
    });

    [Fact]
    public void A_source_counts_once_whether_it_is_retired_or_redirected_in_one_of_them()
    {
        var mine = Held([new StoredLink(Links[0], false, [new(new Contributor(Sources[0]), Traffic.Totals(100)), new(new Contributor(Sources[2]), Traffic.Totals(7))])], Sources[0], Sources[2]);
        var retired = Held([new StoredLink(Links[0], false, []) { Retired = Traffic.Totals(90) }], []) with { Retired = [Sources[0].Incarnation] };
        var redirected = Held([new StoredLink(Other, false, [new(new Contributor(Sources[0], Links[0].Id), Traffic.Totals(120))])], Sources[0]);
        Assert.Equal(107UL, Total(ShardMerge.Of(mine, retired)));
        Assert.Equal(90UL + 7, Total(ShardMerge.Of(retired, mine)));
        Assert.Equal(127UL, Total(ShardMerge.Of(mine, redirected)));
        Assert.Equal(127UL, Total(ShardMerge.Of(redirected, mine)));
    }

    [Fact]
    public void Sums_of_different_retired_sources_are_added_and_of_overlapping_ones_the_greater_counts()
    {
        ShardSnapshot Retired(ulong sent, params Source[] sources) =>
            Held([new StoredLink(Links[0], false, []) { Retired = Traffic.Totals(sent) }], []) with { Retired = [.. sources.Select(source => source.Incarnation)] };

        Assert.Equal(15UL, Total(ShardMerge.Of(Retired(10, Sources[0]), Retired(5, Sources[1]))));
        Assert.Equal(10UL, Total(ShardMerge.Of(Retired(10, Sources[0], Sources[1]), Retired(5, Sources[1], Sources[2]))));
    }

    [Fact]
    public void A_purged_link_is_gone_with_its_mark_and_watermarks_stay()
    {
        var state = new ShardState(Held([new StoredLink(Links[0], Expired: true, [new(new Contributor(Sources[0]), Traffic.Totals(100))])], Sources[0]));
        state.Apply(new LinksPurged(default, [Links[0].Id, Links[1].Id]));
        Assert.Equal((0, false, 3UL), (state.Count, state.IsExpired(Links[0].Id), state.Watermark(Sources[0])));
    }

    private static ShardSnapshot Held(IReadOnlyList<StoredLink> links, params Source[] sources) =>
        new(links, [.. sources.Select(source => KeyValuePair.Create(source, 3UL))]);

    private static ulong Total(ShardSnapshot shard) => (ulong)new ShardState(shard).Links.Sum(link => (decimal)link.Sum.SentBytes);

    private static ulong SumOf(ShardSnapshot shard, NetworkLink link) => new ShardState(shard).Link(link.Id)?.Sum.SentBytes ?? 0;
}
