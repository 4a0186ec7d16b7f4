using Caretta.Messages;
using Caretta.Node.Forward;
using CsCheck;

namespace Caretta.Tests.Node.Forward;

public class OutboxSpecs
{
    private const int ShardCount = 4;
    private const int Links = 12;

    private static readonly Source Source = new("node", Guid.NewGuid());

    private static readonly NetworkLink[] Names =
    [
        .. Enumerable.Range(0, Links).Select(number =>
            new NetworkLink(new Workload("shop", "Deployment", $"client{number}"), new Workload("shop", "Deployment", "server"), 80, Role.Client)),
    ];

    private enum Step
    {
        Count,
        Deliver,
        LoseBatches,
        LoseAcks,
        BreakStream,
        RestartAgent,
        BackUpDatabase,
        RestoreDatabase,
    }

    [Fact]
    public void Whatever_happens_on_the_way_the_shards_end_with_the_ledgers_totals()
    {
        var steps = Gen.Select(Gen.Int[0, 7].Select(step => (Step)step), Gen.Int[0, Links - 1]).Array[1, 80];
        steps.Sample(
            run =>
            {
                var way = new Way(ShardCount);
                foreach (var (step, link) in run)
                {
                    way.Do(step, Names[link]);
                    way.AssertWatermarksAreHonest();
                }

                way.Settle();
                way.AssertTotalsAgree();
            },
            iter: 3000);
    }

    [Fact]
    public void A_shard_has_at_most_one_batch_in_flight()
    {
        var outbox = Opened(Reports(1, Names));
        Assert.NotEmpty(outbox.Next());
        outbox.Add(2, Reports(2, Names));
        Assert.Empty(outbox.Next());
    }

    [Fact]
    public void What_changed_while_its_batch_was_in_flight_is_sent_again()
    {
        var outbox = Opened(Reports(1, Names[0]));
        var first = Assert.Single(outbox.Next());
        outbox.Add(2, Reports(2, Names[0]));
        Assert.Equal(HeldOutcome.Acknowledged, outbox.Held(first.Shard, first.Watermark, first.Id));
        var second = Assert.Single(outbox.Next());
        Assert.Equal(2UL, Assert.Single(second.Reports).Sequence);
    }

    [Fact]
    public void Many_links_go_in_several_batches_and_each_watermark_covers_only_what_is_sent()
    {
        var outbox = new Outbox(Source, 0, [], maxReportsPerBatch: 2);
        outbox.Connected(1);
        outbox.Held(0, 0, 0);
        outbox.Add(1, Reports(1, Names[0], Names[1], Names[2]));
        outbox.Add(2, Reports(2, Names[3]));

        var first = Assert.Single(outbox.Next());
        Assert.Equal((2, 0UL), (first.Reports.Count, first.Watermark));
        outbox.Held(0, first.Watermark, first.Id);
        var second = Assert.Single(outbox.Next());
        Assert.Equal((2, 2UL), (second.Reports.Count, second.Watermark));
    }

    [Fact]
    public void A_fresh_process_sends_only_what_the_shard_does_not_hold()
    {
        var outbox = new Outbox(Source, 5, [.. Reports(3, Names[0]), .. Reports(5, Names[1])], 100);
        outbox.Connected(1);
        Assert.Equal(HeldOutcome.Opened, outbox.Held(0, held: 3, batchId: 0));
        Assert.Equal(Names[1], Assert.Single(Assert.Single(outbox.Next()).Reports).Link);
    }

    [Fact]
    public void A_shard_that_holds_less_than_it_acknowledged_is_sent_everything()
    {
        var outbox = Opened(Reports(1, Names));
        foreach (var batch in outbox.Next())
        {
            outbox.Held(batch.Shard, batch.Watermark, batch.Id);
        }

        Assert.Equal(0, outbox.Unacked);
        outbox.Connected(ShardCount);
        for (var shard = 0; shard < ShardCount; shard++)
        {
            outbox.Held(shard, held: 0, batchId: 0);
        }

        Assert.Equal(Links, outbox.Unacked);
    }

    [Fact]
    public void A_shard_that_holds_more_than_was_ever_sent_means_a_ledger_rolled_back_or_cloned()
    {
        var outbox = new Outbox(Source, 7, Reports(7, Names), 100);
        outbox.Connected(1);
        outbox.Add(9, Reports(9, Names[0])); // counted since, but sent to nobody: 8 can only be somebody else's
        Assert.Equal(HeldOutcome.HoldsMoreThanSent, outbox.Held(0, held: 8, batchId: 0));
    }

    [Fact]
    public void An_answer_to_a_batch_of_an_earlier_stream_is_ignored()
    {
        var outbox = Opened(Reports(1, Names[0]));
        var batch = Assert.Single(outbox.Next());
        outbox.Connected(ShardCount);
        outbox.Held(batch.Shard, 0, 0);
        Assert.Equal(HeldOutcome.Ignored, outbox.Held(batch.Shard, batch.Watermark, batch.Id));
        Assert.Equal(1, outbox.Unacked);
    }

    private static Outbox Opened(IReadOnlyList<Report> reports)
    {
        var outbox = new Outbox(Source, 1, reports, maxReportsPerBatch: 100);
        outbox.Connected(ShardCount);
        for (var shard = 0; shard < ShardCount; shard++)
        {
            outbox.Held(shard, held: 0, batchId: 0);
        }

        return outbox;
    }

    private static IReadOnlyList<Report> Reports(ulong sequence, params NetworkLink[] links) =>
        [.. links.Select(link => new Report(link, sequence, new LinkTotals { SentBytes = sequence }, default))];

    /// <summary>A ledger, an outbox, shards, and everything that can go wrong between them.</summary>
    private sealed class Way
    {
        private readonly Dictionary<NetworkLink, Report> _ledger = [];
        private readonly SimulatedShard[] _shards;
        private Outbox _outbox;
        private ulong _sequence;

        public Way(int shards)
        {
            _shards = [.. Enumerable.Range(0, shards).Select(_ => new SimulatedShard())];
            _outbox = new Outbox(Source, 0, [], maxReportsPerBatch: 2);
            Connect();
        }

        public void Do(Step step, NetworkLink link)
        {
            switch (step)
            {
                case Step.Count: Count(link); break;
                case Step.Deliver: Deliver(answer: true); break;
                case Step.LoseBatches: _outbox.Next(); break; // in flight for ever, until the stream breaks
                case Step.LoseAcks: Deliver(answer: false); break;
                case Step.BreakStream: Connect(); break;
                case Step.RestartAgent: _outbox = new Outbox(Source, _sequence, _ledger.Values, 2); Connect(); break;
                case Step.BackUpDatabase: Array.ForEach(_shards, shard => shard.Backup()); break;
                default: Array.ForEach(_shards, shard => shard.Restore()); Connect(); break;
            }
        }

        public void Settle()
        {
            Connect();
            while (_outbox.Unacked > 0)
            {
                Deliver(answer: true);
            }
        }

        public void AssertTotalsAgree()
        {
            foreach (var (link, report) in _ledger)
            {
                Assert.Equal(report.Totals, ShardOf(link).Held[link].Totals);
            }
        }

        /// <summary>A shard that names a watermark has, for each link, a report at least as new as the ledger's up to there.</summary>
        public void AssertWatermarksAreHonest()
        {
            foreach (var (link, report) in _ledger)
            {
                var shard = ShardOf(link);
                if (report.Sequence <= shard.Watermark)
                {
                    Assert.Equal(report.Totals, shard.Held[link].Totals);
                }
            }
        }

        private void Count(NetworkLink link)
        {
            _sequence++;
            var sent = (_ledger.GetValueOrDefault(link)?.Totals.SentBytes ?? 0) + _sequence;
            _ledger[link] = new Report(link, _sequence, new LinkTotals { SentBytes = sent }, default);
            _outbox.Add(_sequence, [_ledger[link]]);
        }

        private void Deliver(bool answer)
        {
            foreach (var batch in _outbox.Next())
            {
                _shards[batch.Shard].Take(batch);
                if (answer)
                {
                    Assert.NotEqual(HeldOutcome.HoldsMoreThanSent, _outbox.Held(batch.Shard, _shards[batch.Shard].Watermark, batch.Id));
                }
            }
        }

        private void Connect()
        {
            _outbox.Connected(_shards.Length);
            for (var shard = 0; shard < _shards.Length; shard++)
            {
                Assert.NotEqual(HeldOutcome.HoldsMoreThanSent, _outbox.Held(shard, _shards[shard].Watermark, batchId: 0));
            }
        }

        private SimulatedShard ShardOf(NetworkLink link) => _shards[LinkSharding.ShardOf(link, _shards.Length)];
    }
}
