using Caretta.Aggregator.Shards;
using Caretta.Messages.Wire;
using Source = Caretta.Messages.Source;

namespace Caretta.Aggregator.Ingress;

/// <summary>
/// One stream's part of the shards: what each holds of the source, and the batch in flight to each. A shard whose ledger stopped or fell silent
/// is opened again, and asked until it answers; the others go on meanwhile. Knows no actor.
/// </summary>
internal sealed class ShardDialogue<TLedger>(
    Source source,
    ulong epoch,
    TimeSpan pollInterval,
    StreamSettings settings,
    IShardPort<TLedger> port,
    InFlight inFlight,
    AggregatorMetrics metrics,
    Random random)
    where TLedger : class
{
    private readonly Shard[] _shards = [.. Enumerable.Range(0, settings.ShardCount).Select(_ => new Shard())];

    /// <summary>Who owes an answer now.</summary>
    public IReadOnlyList<uint> Waiting =>
        [.. Enumerable.Range(0, _shards.Length).Where(shard => !_shards[shard].IsOpen || _shards[shard].Batch != 0).Select(shard => (uint)shard)];

    public void Begin()
    {
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            Ask(shard);
        }
    }

    /// <summary>A batch whose shard is just being opened again is not passed on: the agent will send it again.</summary>
    public void Pass(AgentBatch batch)
    {
        var shard = _shards[batch.Shard];
        if (!shard.IsOpen || batch.Opening != shard.Opening)
        {
            metrics.BatchesSuperseded.Inc();
            return;
        }

        shard.Batch = batch.Id;
        port.Send(
            batch.Shard,
            new TakeBatch(source, pollInterval, batch.Id, batch.Watermark, batch.Contents.Reports)
            {
                History = shard.History,
                Epoch = epoch,
            });
        port.Expect(batch.Shard, settings.AnswerWithin);
    }

    /// <returns>What to tell the agent; null if it is no answer to anything any more.</returns>
    public FromAggregator? Answer(ShardHeld held, TLedger ledger)
    {
        var shard = _shards[held.Shard];
        if (held.BatchId == 0)
        {
            if (shard.IsOpen)
            {
                return null; // it was asked more than once
            }

            Open(shard, held, ledger);
            inFlight.Open(held.Shard, shard.Opening);
            port.ExpectNothing(held.Shard);
        }
        else if (!inFlight.End(held.Shard, held.BatchId))
        {
            return null; // of a batch that counts as unsent
        }
        else if (shard.IsOpen)
        {
            (shard.Batch, shard.History) = (0, held.History);
            port.ExpectNothing(held.Shard);
        }

        return new FromAggregator
        {
            Held = new Held
            {
                Shard = (uint)held.Shard,
                Sequence = held.Sequence,
                BatchId = held.BatchId,
                Opening = shard.Opening,
                Retired = held.Retired,
                Epoch = held.Epoch,
            },
        };
    }

    /// <returns>Whether a shard is asked again because its ledger has stopped.</returns>
    public bool Stopped(TLedger ledger)
    {
        var number = Array.FindIndex(_shards, shard => shard.IsOpen && ledger.Equals(shard.Ledger));
        if (number < 0)
        {
            return false;
        }

        Close(number);
        return true;
    }

    /// <summary>The shard has left a batch, or the question what it holds, unanswered for too long.</summary>
    public void Repeat(int shard)
    {
        if (_shards[shard].IsOpen)
        {
            Close(shard);
        }
        else
        {
            Ask(shard);
        }
    }

    public bool IsOpen(int shard) => _shards[shard].IsOpen;

    /// <summary>A shard owes an answer.</summary>
    public bool IsWaiting => Array.Exists(_shards, shard => !shard.IsOpen || shard.Batch != 0);

    public bool AreAllOpen => Array.TrueForAll(_shards, shard => shard.IsOpen);

    private void Close(int number)
    {
        var shard = _shards[number];
        (shard.IsOpen, shard.Repeats, shard.Batch) = (false, 0, 0);
        metrics.ShardsReopened.Inc();
        Ask(number);
    }

    private void Ask(int number)
    {
        port.Send(number, new OpenSource(source, pollInterval));
        port.Expect(number, settings.RepeatAfter(_shards[number].Repeats++, random));
    }

    private void Open(Shard shard, ShardHeld held, TLedger ledger)
    {
        if (shard.Ledger is not null)
        {
            shard.Opening++;
            if (!shard.Ledger.Equals(ledger))
            {
                port.Unwatch(shard.Ledger);
            }
        }

        (shard.IsOpen, shard.Ledger, shard.History, shard.Batch) = (true, ledger, held.History, 0);
        port.Watch(ledger);
    }

    private sealed class Shard
    {
        public bool IsOpen { get; set; }

        public uint Opening { get; set; }

        public TLedger? Ledger { get; set; }

        /// <summary>As the agent was last told: the next batch builds on it.</summary>
        public ulong History { get; set; }

        public ulong Batch { get; set; }

        public int Repeats { get; set; }
    }
}
