using Caretta.Aggregator.Ingress;
using Caretta.Messages;
using Caretta.Node.Forward;
using Caretta.Tests.Aggregator.Fakes;
using Caretta.Tests.Node.Forward;
using CsCheck;

namespace Caretta.Tests.Aggregator.Ingress;

public class InFlightSpecs
{
    private static readonly NetworkLink[] Links = [.. Traffic.LinksOfShard(0, shardCount: 1).Take(5)];

    private enum Step
    {
        Count,
        AgentReads,
        AggregatorReads,
        LedgerAnswers,
        LedgerIsLost,
        LedgerAnswersLate,
    }

    [Fact]
    public void An_agent_that_keeps_the_rules_is_never_out_of_turn_whatever_crosses_on_the_way() =>
        Gen.Enum<Step>().Array[1, 100].Sample(
            steps =>
            {
                var wire = new BothWays();
                foreach (var step in steps)
                {
                    wire.Do(step);
                }

                wire.Settle();
                Assert.All(wire.Ledger, entry => Assert.Equal(entry.Value.Totals, wire.Journal.Held[entry.Key].Totals));
            },
            iter: 5000);

    [Fact]
    public void No_batch_comes_before_its_shard_has_spoken()
    {
        var inFlight = new InFlight(2);
        inFlight.Open(1, opening: 0);
        Assert.Equal(BatchTurn.OutOfTurn, inFlight.TryBegin(0, opening: 0, batchId: 1));
        Assert.Equal(BatchTurn.Begun, inFlight.TryBegin(1, opening: 0, batchId: 1));
    }

    [Fact]
    public void A_second_batch_to_a_shard_is_out_of_turn_and_one_of_an_opening_to_come_too()
    {
        var inFlight = new InFlight(1);
        inFlight.Open(0, opening: 3);
        Assert.Equal(BatchTurn.OutOfTurn, inFlight.TryBegin(0, opening: 4, batchId: 1));
        Assert.Equal(BatchTurn.Superseded, inFlight.TryBegin(0, opening: 2, batchId: 1));
        Assert.Equal(BatchTurn.Begun, inFlight.TryBegin(0, opening: 3, batchId: 1));
        Assert.Equal(BatchTurn.OutOfTurn, inFlight.TryBegin(0, opening: 3, batchId: 2));
    }

    [Fact]
    public void A_late_answer_ends_no_other_batch()
    {
        var inFlight = new InFlight(1);
        inFlight.Open(0, opening: 0);
        inFlight.TryBegin(0, opening: 0, batchId: 1);
        inFlight.Open(0, opening: 1);
        inFlight.TryBegin(0, opening: 1, batchId: 2);
        Assert.False(inFlight.End(0, batchId: 1));
        Assert.Equal(BatchTurn.OutOfTurn, inFlight.TryBegin(0, opening: 1, batchId: 3));
        Assert.True(inFlight.End(0, batchId: 2));
    }

    [Fact]
    public void Questions_come_after_the_welcome_and_one_message_at_a_time()
    {
        var inFlight = new InFlight(1);
        Assert.False(inFlight.TryBeginQuestions());
        inFlight.EndQuestions();
        Assert.True(inFlight.TryBeginQuestions());
        Assert.False(inFlight.TryBeginQuestions());
    }

    /// <summary>The real outbox and the real rules, one shard, and what is under way between them in both directions.</summary>
    private sealed class BothWays
    {
        private readonly Outbox _outbox = new(Traffic.Source(), 0, [], maxReportsPerBatch: 2);
        private readonly InFlight _inFlight = new(1);
        private readonly Queue<OutboxBatch> _toAggregator = [];
        private readonly Queue<(ulong Held, ulong Batch, uint Opening)> _toAgent = [];
        private readonly Queue<(OutboxBatch Batch, ulong History)> _atLedger = [];
        private readonly Queue<(OutboxBatch Batch, ulong History)> _late = [];
        private ulong _told;
        private uint _opening;
        private ulong _sequence;

        public BothWays()
        {
            _outbox.Connected(1);
            _inFlight.Open(0, _opening);
            _toAgent.Enqueue((0, 0, _opening));
        }

        public Dictionary<NetworkLink, Report> Ledger { get; } = [];

        public SimulatedShard Journal { get; } = new();

        public void Do(Step step)
        {
            switch (step)
            {
                case Step.Count: Count(); break;
                case Step.AgentReads: AgentReads(); break;
                case Step.AggregatorReads: AggregatorReads(); break;
                case Step.LedgerAnswers: Answer(_atLedger); break;
                case Step.LedgerAnswersLate: Answer(_late); break;
                default: Reopen(); break;
            }
        }

        public void Settle()
        {
            Reopen();
            while (_outbox.Unacked > 0 || _toAgent.Count > 0)
            {
                AgentReads();
                AggregatorReads();
                Answer(_atLedger);
            }
        }

        private void Count()
        {
            _sequence++;
            foreach (var link in Links)
            {
                Ledger[link] = new Report(link, _sequence, new LinkTotals { SentBytes = _sequence }, default);
            }

            _outbox.Add(_sequence, Ledger.Values);
            Send();
        }

        private void Send()
        {
            foreach (var batch in _outbox.Next())
            {
                _toAggregator.Enqueue(batch);
            }
        }

        private void AgentReads()
        {
            if (_toAgent.TryDequeue(out var held))
            {
                Assert.NotEqual(HeldOutcome.HoldsMoreThanSent, _outbox.Held(0, held.Held, held.Batch, held.Opening));
                Send();
            }
        }

        private void AggregatorReads()
        {
            if (_toAggregator.TryDequeue(out var batch))
            {
                var turn = _inFlight.TryBegin(0, batch.Opening, batch.Id);
                Assert.NotEqual(BatchTurn.OutOfTurn, turn);
                if (turn == BatchTurn.Begun)
                {
                    _atLedger.Enqueue((batch, _told));
                }
            }
        }

        private void Answer(Queue<(OutboxBatch Batch, ulong History)> batches)
        {
            if (batches.TryDequeue(out var taken))
            {
                var batch = taken.Batch;
                Journal.Take(batch, taken.History);
                if (_inFlight.End(0, batch.Id))
                {
                    _told = Journal.History;
                    _toAgent.Enqueue((Journal.Watermark, batch.Id, _opening));
                }
            }
        }

        /// <summary>What the ledger had is lost, or comes when nobody waits for it.</summary>
        private void Reopen()
        {
            while (_atLedger.TryDequeue(out var batch))
            {
                _late.Enqueue(batch);
            }

            _inFlight.Open(0, ++_opening);
            _told = Journal.History;
            _toAgent.Enqueue((Journal.Watermark, 0, _opening));
        }
    }
}
