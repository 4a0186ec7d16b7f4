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
        CountMany,
        DeliverOne,
        ReopenShard,
        DeliverLate,
    }

    [Fact]
    public void Whatever_happens_on_the_way_the_shards_end_with_the_ledgers_totals()
    {
        var steps = Gen.Select(Gen.Enum<Step>(), Gen.Int[0, Links - 1]).Array[1, 80];
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
        Assert.Equal(HeldOutcome.Acknowledged, outbox.Held((uint)first.Shard, first.Watermark, first.Id));
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
            outbox.Held((uint)batch.Shard, batch.Watermark, batch.Id);
        }

        Assert.Equal(0, outbox.Unacked);
        outbox.Connected(ShardCount);
        for (var shard = 0U; shard < ShardCount; shard++)
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

    [Theory]
    [InlineData(9, 7, HeldOutcome.Opened)] // what the last process left behind was committed before this one began
    [InlineData(9, 4, HeldOutcome.Opened)]
    [InlineData(9, 8, HeldOutcome.HoldsMoreThanSent)] // it went on after the backup that this one began with
    [InlineData(8, 5, HeldOutcome.Opened)]
    [InlineData(8, 6, HeldOutcome.HoldsMoreThanSent)]
    [InlineData(6, 3, HeldOutcome.HoldsMoreThanSent)] // somebody with another copy
    [InlineData(10, 3, HeldOutcome.HoldsMoreThanSent)] // this process has sent nothing yet: it stood still while a copy of the whole machine went on
    [InlineData(6, 0, HeldOutcome.Opened)]
    public void Of_every_process_with_its_ledger_it_knows_what_can_be_held(ulong epoch, ulong held, HeldOutcome outcome)
    {
        var outbox = new Outbox(Source, 7, Reports(7, Names), 100, [new LedgerEpoch(8, 0), new LedgerEpoch(9, 5), new LedgerEpoch(10, 7)]);
        Assert.Equal(10UL, outbox.Epoch);
        outbox.Connected(1);
        outbox.Add(20, Reports(20, Names[0])); // as far as the sequence goes, all of it could be this ledger's
        Assert.Equal(outcome, outbox.Held(0, held, batchId: 0, opening: 0, epoch));
    }

    [Fact]
    public void What_this_process_sent_to_one_shard_another_cannot_hold()
    {
        var outbox = new Outbox(Source, 0, [], 100, [new LedgerEpoch(8, 0)]);
        outbox.Connected(ShardCount);
        outbox.Held(0, held: 0, batchId: 0);
        outbox.Add(1, Reports(1, Names));
        Assert.Single(outbox.Next());
        Assert.Equal(HeldOutcome.Reopened, outbox.Held(0, held: 1, batchId: 0, opening: 1, epoch: 8));
        Assert.Equal(HeldOutcome.HoldsMoreThanSent, outbox.Held(1, held: 1, batchId: 0, opening: 0, epoch: 8));
    }

    [Fact]
    public void An_answer_to_a_batch_of_an_earlier_stream_is_ignored()
    {
        var outbox = Opened(Reports(1, Names[0]));
        var batch = Assert.Single(outbox.Next());
        outbox.Connected(ShardCount);
        outbox.Held((uint)batch.Shard, 0, 0);
        Assert.Equal(HeldOutcome.Ignored, outbox.Held((uint)batch.Shard, batch.Watermark, batch.Id));
        Assert.Equal(1, outbox.Unacked);
    }

    [Fact]
    public void A_shard_that_is_opened_again_gets_again_what_was_in_flight_and_the_others_go_on()
    {
        var outbox = Opened(Reports(1, Names));
        var batches = outbox.Next();
        var moved = batches[0];
        Assert.Equal(HeldOutcome.Reopened, outbox.Held((uint)moved.Shard, held: 0, batchId: 0, opening: 1));

        var again = Assert.Single(outbox.Next());
        Assert.Equal((moved.Shard, 1U), (again.Shard, again.Opening));
        Assert.Equal(moved.Reports, again.Reports);
        Assert.Equal(HeldOutcome.Acknowledged, outbox.Held((uint)batches[1].Shard, batches[1].Watermark, batches[1].Id));
    }

    [Fact]
    public void The_acknowledgement_of_a_batch_from_before_the_shard_was_opened_again_changes_nothing()
    {
        var outbox = Opened(Reports(1, Names[0]));
        var lost = Assert.Single(outbox.Next());
        outbox.Held((uint)lost.Shard, held: 0, batchId: 0, opening: 1);
        Assert.Equal(HeldOutcome.Ignored, outbox.Held((uint)lost.Shard, lost.Watermark, lost.Id));
        var again = Assert.Single(outbox.Next());
        Assert.Equal(HeldOutcome.Ignored, outbox.Held((uint)lost.Shard, lost.Watermark, lost.Id));
        Assert.Equal(HeldOutcome.Acknowledged, outbox.Held((uint)again.Shard, again.Watermark, again.Id));
        Assert.Equal(0, outbox.Unacked);
    }

    [Fact]
    public void What_a_watermark_does_not_cover_is_sent_again_when_its_shard_is_opened_again()
    {
        var outbox = new Outbox(Source, 0, [], maxReportsPerBatch: 2);
        outbox.Connected(1);
        outbox.Held(0, 0, 0);
        outbox.Add(1, Reports(1, Names[0], Names[1], Names[2])); // one poll, two batches: the first covers nothing whole
        var first = Assert.Single(outbox.Next());
        outbox.Held(0, first.Watermark, first.Id);
        Assert.Equal(1, outbox.Unacked);

        outbox.Held(0, held: 0, batchId: 0, opening: 1); // it may be the same journal, or one put back to before
        Assert.Equal(3, outbox.Unacked);
    }

    [Fact]
    public void A_shard_that_does_not_exist_is_ignored()
    {
        var outbox = Opened(Reports(1, Names[0]));
        Assert.Equal(HeldOutcome.Ignored, outbox.Held(ShardCount, 0, 0));
        Assert.Equal(HeldOutcome.Ignored, outbox.Held(uint.MaxValue, 0, 0));
    }

    private static Outbox Opened(IReadOnlyList<Report> reports)
    {
        var outbox = new Outbox(Source, 1, reports, maxReportsPerBatch: 100);
        outbox.Connected(ShardCount);
        for (var shard = 0U; shard < ShardCount; shard++)
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
        private readonly List<(OutboxBatch Batch, ulong History)> _onTheWay = [];
        private readonly ulong[] _told;
        private readonly uint[] _openings;
        private Outbox _outbox;
        private ulong _sequence;

        public Way(int shards)
        {
            _shards = [.. Enumerable.Range(0, shards).Select(_ => new SimulatedShard())];
            (_told, _openings) = (new ulong[shards], new uint[shards]);
            _outbox = new Outbox(Source, 0, [], maxReportsPerBatch: 2);
            Connect();
        }

        public void Do(Step step, NetworkLink link)
        {
            switch (step)
            {
                case Step.Count: Count(link); break;
                case Step.Deliver: Deliver(answer: true); break;
                case Step.LoseBatches: _onTheWay.AddRange(_outbox.Next().Select(batch => (batch, _told[batch.Shard]))); break; // in flight for ever, until the stream breaks
                case Step.LoseAcks: Deliver(answer: false); break;
                case Step.BreakStream: Connect(); break;
                case Step.RestartAgent: _outbox = new Outbox(Source, _sequence, _ledger.Values, 2); Connect(); break;
                case Step.CountMany: Count(Names); break; // one poll, more links of a shard than a batch takes
                case Step.DeliverOne: Deliver(answer: true, most: 1); break;
                case Step.ReopenShard: Reopen(LinkSharding.ShardOf(link, _shards.Length)); break;
                case Step.DeliverLate: DeliverLate(); break;
                case Step.BackUpDatabase: Array.ForEach(_shards, shard => shard.Backup()); break;
                default: RestoreDatabase(link); break;
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

        private void Count(params NetworkLink[] links)
        {
            _sequence++;
            foreach (var link in links)
            {
                var sent = (_ledger.GetValueOrDefault(link)?.Totals.SentBytes ?? 0) + _sequence;
                _ledger[link] = new Report(link, _sequence, new LinkTotals { SentBytes = sent }, default);
            }

            _outbox.Add(_sequence, [.. links.Select(link => _ledger[link])]);
        }

        private void Deliver(bool answer, int most = int.MaxValue)
        {
            foreach (var batch in _outbox.Next())
            {
                if (most-- <= 0)
                {
                    _onTheWay.Add((batch, _told[batch.Shard])); // it may still arrive, when nobody expects it any more
                    continue;
                }

                _shards[batch.Shard].Take(batch, _told[batch.Shard]);
                if (answer)
                {
                    Answer((uint)batch.Shard, batch.Id);
                }
            }
        }

        private void DeliverLate()
        {
            foreach (var (batch, history) in _onTheWay)
            {
                _shards[batch.Shard].Take(batch, history);
                Answer((uint)batch.Shard, batch.Id);
            }

            _onTheWay.Clear();
        }

        private void Answer(uint shard, ulong batchId)
        {
            var outcome = _outbox.Held(shard, _shards[shard].Watermark, batchId, _openings[shard]);
            Assert.NotEqual(HeldOutcome.HoldsMoreThanSent, outcome);
            _told[shard] = outcome == HeldOutcome.Ignored ? _told[shard] : _shards[shard].History;
        }

        private void Reopen(int shard)
        {
            _openings[shard]++;
            Answer((uint)shard, batchId: 0);
        }

        /// <summary>Every ledger stops with its database. The stream outlives it, or not.</summary>
        private void RestoreDatabase(NetworkLink link)
        {
            Array.ForEach(_shards, shard => shard.Restore());
            if (link == Names[0])
            {
                DeliverLate(); // before anybody says that the shards are others now
            }

            if (link.Id % 2 == 0)
            {
                Connect();
                return;
            }

            for (var shard = 0; shard < _shards.Length; shard++)
            {
                Reopen(shard);
            }
        }

        private void Connect()
        {
            _outbox.Connected(_shards.Length);
            Array.Clear(_openings);
            for (var shard = 0U; shard < _shards.Length; shard++)
            {
                Answer(shard, batchId: 0);
            }
        }

        private SimulatedShard ShardOf(NetworkLink link) => _shards[LinkSharding.ShardOf(link, _shards.Length)];
    }
}
