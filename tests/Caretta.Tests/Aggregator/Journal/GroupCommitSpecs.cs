using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;
using CsCheck;

namespace Caretta.Tests.Aggregator.Journal;

public class GroupCommitSpecs
{
    private static readonly Source[] Sources = [.. Enumerable.Range(0, 4).Select(number => Traffic.Source($"node-{number}"))];

    private static readonly NetworkLink[] Links = [.. Enumerable.Range(0, 3).Select(number => Traffic.Link(number))];

    private readonly GroupCommit _group = new();
    private readonly Dictionary<long, int> _answered = [];
    private ulong _lastBatch;

    [Fact]
    public void A_batch_waits_until_the_last_of_its_links_has_decided()
    {
        var token = Begin(Header(Sources[0]), reports: 2);
        Decide(_group, token, Advance(Links[0], Sources[0], 1));
        Assert.True(_group.Next().IsEmpty);
        Decide(_group, token, Advance(Links[1], Sources[0], 1));
        Assert.Equal(2, Assert.Single(_group.Next().Batches).Advances.Count);
        Assert.Equal(0, _group.Deciding);
    }

    [Fact]
    public void Batches_go_together_in_the_order_in_which_they_were_decided()
    {
        var first = Begin(Header(Sources[0]), reports: 1);
        var second = Begin(Header(Sources[1]), reports: 1);
        Decide(_group, second, Advance(Links[0], Sources[1], 1));
        Decide(_group, first, Advance(Links[0], Sources[0], 1));
        Assert.Equal([Sources[1], Sources[0]], _group.Next().Batches.Select(batch => batch.Header.Source));
    }

    [Fact]
    public void A_commit_hands_out_each_batch_once()
    {
        Decide(_group, Begin(Header(Sources[0]), reports: 1), null);
        Assert.False(_group.Next().IsEmpty);
        Assert.True(_group.Next().IsEmpty);
    }

    [Fact]
    public void A_batch_without_reports_needs_no_link_and_no_event()
    {
        Begin(Header(Sources[0], watermark: 9), reports: 0);
        var commit = _group.Next();
        Assert.True(commit.NeedsNoEvent);
        Assert.Equal([KeyValuePair.Create(Sources[0], 9UL)], Event(commit).Watermarks);
    }

    [Fact]
    public void A_batch_with_nothing_new_needs_no_event_but_one_with_news_beside_it_does()
    {
        Decide(_group, Begin(Header(Sources[0]), reports: 1), null);
        Decide(_group, Begin(Header(Sources[1]), reports: 1), Advance(Links[0], Sources[1], 1));
        Assert.False(_group.Next().NeedsNoEvent);
    }

    [Fact]
    public void A_sources_next_batch_replaces_the_one_still_being_decided()
    {
        var abandoned = Begin(Header(Sources[0]), reports: 2);
        Decide(_group, abandoned, Advance(Links[0], Sources[0], 1));
        var next = Begin(Header(Sources[0]), reports: 1);
        Decide(_group, abandoned, Advance(Links[1], Sources[0], 1)); // a late answer
        Assert.True(_group.Next().IsEmpty);

        Decide(_group, next, Advance(Links[0], Sources[0], 2));
        Assert.Equal(2UL, Assert.Single(_group.Next().Batches).Header.Id);
    }

    [Fact]
    public void A_batch_that_is_decided_is_not_replaced_by_the_sources_next()
    {
        Decide(_group, Begin(Header(Sources[0]), reports: 1), Advance(Links[0], Sources[0], 1));
        Decide(_group, Begin(Header(Sources[0]), reports: 1), Advance(Links[0], Sources[0], 2));
        Assert.Equal([1UL, 2UL], _group.Next().Batches.Select(batch => batch.Header.Id));
    }

    [Fact]
    public void An_event_is_bounded_and_no_batch_is_split()
    {
        const int perBatch = (GroupCommit.MaxAdvances / 2) + 1;
        foreach (var source in Sources)
        {
            var token = Begin(Header(source), perBatch);
            for (var report = 0; report < perBatch; report++)
            {
                Decide(_group, token, Advance(Links[0], source, 1));
            }
        }

        Assert.Equal(Sources[..2], _group.Next().Batches.Select(batch => batch.Header.Source));
        Assert.Equal(Sources[2..], _group.Next().Batches.Select(batch => batch.Header.Source));
    }

    [Fact]
    public void A_batch_larger_than_an_event_goes_as_a_whole()
    {
        var token = Begin(Header(Sources[0]), GroupCommit.MaxAdvances + 1);
        for (var report = 0; report <= GroupCommit.MaxAdvances; report++)
        {
            Decide(_group, token, Advance(Links[0], Sources[0], 1));
        }

        Assert.Equal(GroupCommit.MaxAdvances + 1, Assert.Single(_group.Next().Batches).Advances.Count);
    }

    [Fact]
    public void An_event_holds_each_link_and_source_once_with_the_maximum_and_each_sources_highest_watermark()
    {
        var batch = Gen.Select(
            Gen.Int[0, Sources.Length - 1], Gen.ULong[0, 50], Gen.Select(Gen.Int[0, Links.Length - 1], Gen.ULong[0, 100]).Array[0, 5]);
        batch.Array[1, 12].Sample(
            batches =>
            {
                var group = new GroupCommit();
                foreach (var (source, watermark, advances) in batches)
                {
                    var token = Begin(group, Header(Sources[source], watermark), advances.Length);
                    for (var item = 0; item < advances.Length; item++)
                    {
                        group.Decided(token, item, Advance(Links[advances[item].Item1], Sources[source], advances[item].Item2));
                    }
                }

                var written = Event(group.Next());
                var maxima = batches
                    .SelectMany(one => one.Item3.Select(advance =>
                        (By: Sources[one.Item1], Link: Links[advance.Item1], Sent: advance.Item2)))
                    .GroupBy(one => (one.By, one.Link), one => one.Sent)
                    .ToDictionary(one => one.Key, one => one.Max());
                Assert.Equal(maxima, written.Advances.ToDictionary(one => (one.By.Source, one.Link), one => one.Totals.SentBytes));
                var highest = batches.GroupBy(one => Sources[one.Item1], one => one.Item2).ToDictionary(one => one.Key, one => one.Max());
                Assert.Equal(highest, written.Watermarks.ToDictionary());
            },
            iter: 1000);
    }

    [Fact]
    public void A_second_answer_to_the_same_question_changes_nothing()
    {
        var asks = _group.Begin(Header(Sources[0]), [Routed(Links[0]), Routed(Links[1])]);
        _group.Decided(asks[0].Token, asks[0].Item, Advance(Links[0], Sources[0], 1));
        _group.Decided(asks[0].Token, asks[0].Item, Advance(Links[0], Sources[0], 1));
        Assert.True(_group.Next().IsEmpty);
    }

    [Fact]
    public void A_link_that_failed_is_asked_again_what_it_has_not_answered()
    {
        var asks = _group.Begin(Header(Sources[0]), [Routed(Links[0]), Routed(Links[1]), Routed(Links[0])]);
        _group.Decided(asks[0].Token, asks[0].Item, Advance(Links[0], Sources[0], 1));
        Assert.Equal([asks[2]], _group.AskAgain(Links[0].Id));
        Assert.Empty(_group.AskAgain(Links[2].Id));
    }

    [Fact]
    public void A_link_that_fails_over_the_same_report_again_and_again_is_asked_no_more()
    {
        _group.Begin(Header(Sources[0]), [Routed(Links[0])]);
        for (var repeat = 0; repeat < GroupCommit.MaxRepeats; repeat++)
        {
            Assert.Single(_group.AskAgain(Links[0].Id));
        }

        Assert.Empty(_group.AskAgain(Links[0].Id));
        Assert.Equal(0, _group.Deciding);
    }

    [Fact]
    public void A_watermark_holds_only_in_the_history_that_its_agent_was_told_of()
    {
        var (state, elsewhere) = (new ShardState(), new ShardState());
        state.Apply(Written(Header(Sources[0], watermark: 5), state));
        elsewhere.Apply(Written(Header(Sources[0], watermark: 5), elsewhere)); // as high, and yet another event
        var foreign = Written(Header(Sources[0], watermark: 9, elsewhere.HistoryOf(Sources[0])), state);
        Assert.Equal(5UL, Assert.Single(foreign.Watermarks).Value);

        var history = state.HistoryOf(Sources[0]);
        var next = Written(Header(Sources[0], watermark: 9, history), state);
        Assert.Equal(9UL, Assert.Single(next.Watermarks).Value);
        state.Apply(next);
        Assert.NotEqual(history, state.HistoryOf(Sources[0]));
        Assert.Equal(12UL, Assert.Single(Written(Header(Sources[0], watermark: 12, history), state).Watermarks).Value); // it crossed the last
        state.Apply(Written(Header(Sources[0], watermark: 9), state));
        Assert.Equal(9UL, Assert.Single(Written(Header(Sources[0], watermark: 12, history), state).Watermarks).Value);
    }

    [Fact]
    public void An_event_that_was_written_on_a_history_which_is_gone_is_not_read()
    {
        var (zombie, restored) = (new ShardState(), new ShardState());
        zombie.Apply(Written(Header(Sources[0], watermark: 5), zombie));
        restored.Apply(Written(Header(Sources[1], watermark: 4), restored));
        var late = Written(Header(Sources[0], watermark: 9), zombie);
        Assert.True(zombie.Apply(late));
        Assert.False(restored.Apply(late));
        Assert.False(restored.Apply(new LinksExpired(DateTimeOffset.UnixEpoch, [Links[0].Id]) { Step = new HistoryWriter(zombie.History).Next() }));
        Assert.False(restored.Apply(new SourcesRetired(DateTimeOffset.UnixEpoch, default, [Sources[1]]) { Step = new HistoryWriter(zombie.History).Next() }));
        Assert.Equal((0UL, 4UL, false), (restored.Watermark(Sources[0]), restored.Watermark(Sources[1]), restored.IsExpired(Links[0].Id)));
        Assert.Equal(4UL, restored.Link(Links[0].Id)!.Sum.SentBytes);
        Assert.True(restored.Apply(Written(Header(Sources[0], watermark: 9), restored)));
    }

    [Fact]
    public void Events_of_the_first_version_name_no_history_and_are_read_anywhere()
    {
        var state = new ShardState();
        state.Apply(Written(Header(Sources[0], watermark: 5), state));
        Assert.True(state.Apply(Written(Header(Sources[0], watermark: 6), state) with { Step = default }));
        Assert.Equal(6UL, state.Watermark(Sources[0]));
    }

    [Fact]
    public void What_was_answered_without_being_held_is_built_on_by_nobody()
    {
        var state = new ShardState();
        state.Cover(new Commit([new DecidedBatch(Header(Sources[0], watermark: 9, History.OfNobody), [])]));
        Assert.Equal(0UL, state.Watermark(Sources[0]));
    }

    [Fact]
    public void A_watermark_names_the_epoch_of_whoever_brought_it_there()
    {
        var state = new ShardState();
        state.Apply(Written(Header(Sources[0], watermark: 5) with { Epoch = 1 }, state));
        state.Apply(Written(Header(Sources[0], watermark: 3) with { Epoch = 2 }, state));
        Assert.Equal((5UL, 1UL), (state.Watermark(Sources[0]), state.EpochOf(Sources[0])));

        state.Cover(new Commit([new DecidedBatch(Header(Sources[0], watermark: 7) with { Epoch = 3 }, [])]));
        Assert.Equal((7UL, 3UL), (state.Watermark(Sources[0]), state.EpochOf(Sources[0])));
        var restored = new ShardState(state.Snapshot());
        Assert.Equal((7UL, 3UL), (restored.Watermark(Sources[0]), restored.EpochOf(Sources[0])));

        state.Apply(Written(Header(Sources[0], watermark: 7) with { Epoch = 4 }, state)); // another line, counted as far under the same numbers
        Assert.Equal((7UL, 4UL), (state.Watermark(Sources[0]), state.EpochOf(Sources[0])));
        Assert.Equal(0UL, state.EpochOf(Sources[1]));
    }

    private static LinksAdvanced Written(BatchHeader header, ShardState state) =>
        new Commit([new DecidedBatch(header, [Advance(Links[0], header.Source, header.Watermark)])])
            .ToEvent(DateTimeOffset.UnixEpoch, TimeSpan.Zero, new HistoryWriter(state.History).Next(), state);

    private static LinksAdvanced Event(Commit commit) => commit.ToEvent(DateTimeOffset.UnixEpoch, TimeSpan.Zero, default, new ShardState());

    private static RoutedReport Routed(NetworkLink link) => new(new Contributor(Sources[0]), Traffic.Report(link, sent: 1));

    private static long Begin(GroupCommit group, BatchHeader header, int reports) =>
        group.Begin(header, [.. Enumerable.Repeat(Routed(Links[0]), reports)]) is [var first, ..] ? first.Token : 0;

    private static LinkAdvance Advance(NetworkLink link, Source source, ulong sent) =>
        new(link, new Contributor(source), new LinkTotals { SentBytes = sent });

    private BatchHeader Header(Source source, ulong watermark = 1, ulong history = History.Nothing) =>
        new(source, ++_lastBatch, watermark, history, Upstream: this, TakenAt: 0);

    private long Begin(BatchHeader header, int reports) => Begin(_group, header, reports);

    /// <summary>The next of the batch's questions is answered.</summary>
    private void Decide(GroupCommit group, long token, LinkAdvance? advance)
    {
        _answered[token] = _answered.GetValueOrDefault(token, -1) + 1;
        group.Decided(token, _answered[token], advance);
    }
}
