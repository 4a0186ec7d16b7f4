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
    private ulong _lastBatch;

    [Fact]
    public void A_batch_waits_until_the_last_of_its_links_has_decided()
    {
        var token = _group.Begin(Header(Sources[0]), reports: 2);
        _group.Decided(token, Advance(Links[0], Sources[0], 1));
        Assert.True(_group.Next().IsEmpty);
        _group.Decided(token, Advance(Links[1], Sources[0], 1));
        Assert.Equal(2, Assert.Single(_group.Next().Batches).Advances.Count);
        Assert.Equal(0, _group.Deciding);
    }

    [Fact]
    public void Batches_go_together_in_the_order_in_which_they_were_decided()
    {
        var first = _group.Begin(Header(Sources[0]), reports: 1);
        var second = _group.Begin(Header(Sources[1]), reports: 1);
        _group.Decided(second, Advance(Links[0], Sources[1], 1));
        _group.Decided(first, Advance(Links[0], Sources[0], 1));
        Assert.Equal([Sources[1], Sources[0]], _group.Next().Batches.Select(batch => batch.Header.Source));
    }

    [Fact]
    public void A_commit_hands_out_each_batch_once()
    {
        _group.Decided(_group.Begin(Header(Sources[0]), reports: 1), null);
        Assert.False(_group.Next().IsEmpty);
        Assert.True(_group.Next().IsEmpty);
    }

    [Fact]
    public void A_batch_without_reports_needs_no_link_and_no_event()
    {
        _group.Begin(Header(Sources[0], watermark: 9), reports: 0);
        var commit = _group.Next();
        Assert.True(commit.NeedsNoEvent);
        Assert.Equal([KeyValuePair.Create(Sources[0], 9UL)], commit.Watermarks);
    }

    [Fact]
    public void A_batch_with_nothing_new_needs_no_event_but_one_with_news_beside_it_does()
    {
        _group.Decided(_group.Begin(Header(Sources[0]), reports: 1), null);
        _group.Decided(_group.Begin(Header(Sources[1]), reports: 1), Advance(Links[0], Sources[1], 1));
        Assert.False(_group.Next().NeedsNoEvent);
    }

    [Fact]
    public void A_sources_next_batch_replaces_the_one_still_being_decided()
    {
        var abandoned = _group.Begin(Header(Sources[0]), reports: 2);
        _group.Decided(abandoned, Advance(Links[0], Sources[0], 1));
        var next = _group.Begin(Header(Sources[0]), reports: 1);
        _group.Decided(abandoned, Advance(Links[1], Sources[0], 1)); // a late answer
        Assert.True(_group.Next().IsEmpty);

        _group.Decided(next, Advance(Links[0], Sources[0], 2));
        Assert.Equal(2UL, Assert.Single(_group.Next().Batches).Header.Id);
    }

    [Fact]
    public void A_batch_that_is_decided_is_not_replaced_by_the_sources_next()
    {
        _group.Decided(_group.Begin(Header(Sources[0]), reports: 1), Advance(Links[0], Sources[0], 1));
        _group.Decided(_group.Begin(Header(Sources[0]), reports: 1), Advance(Links[0], Sources[0], 2));
        Assert.Equal([1UL, 2UL], _group.Next().Batches.Select(batch => batch.Header.Id));
    }

    [Fact]
    public void An_event_is_bounded_and_no_batch_is_split()
    {
        const int perBatch = (GroupCommit.MaxAdvances / 2) + 1;
        foreach (var source in Sources)
        {
            var token = _group.Begin(Header(source), perBatch);
            for (var report = 0; report < perBatch; report++)
            {
                _group.Decided(token, Advance(Links[0], source, 1));
            }
        }

        Assert.Equal(Sources[..2], _group.Next().Batches.Select(batch => batch.Header.Source));
        Assert.Equal(Sources[2..], _group.Next().Batches.Select(batch => batch.Header.Source));
    }

    [Fact]
    public void A_batch_larger_than_an_event_goes_as_a_whole()
    {
        var token = _group.Begin(Header(Sources[0]), GroupCommit.MaxAdvances + 1);
        for (var report = 0; report <= GroupCommit.MaxAdvances; report++)
        {
            _group.Decided(token, Advance(Links[0], Sources[0], 1));
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
                    var token = group.Begin(Header(Sources[source], watermark), advances.Length);
                    foreach (var (link, sent) in advances)
                    {
                        group.Decided(token, Advance(Links[link], Sources[source], sent));
                    }
                }

                var written = group.Next().ToEvent(DateTimeOffset.UnixEpoch);
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

    private static LinkAdvance Advance(NetworkLink link, Source source, ulong sent) =>
        new(link, new Contributor(source), new LinkTotals { SentBytes = sent });

    private BatchHeader Header(Source source, ulong watermark = 1) => new(source, ++_lastBatch, watermark, Upstream: this, TakenAt: 0);
}
