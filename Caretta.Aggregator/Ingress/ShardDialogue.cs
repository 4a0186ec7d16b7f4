using Akka.Actor;
using Caretta.Aggregator.Shards;
using Caretta.Messages.Wire;
using Source = Caretta.Messages.Source;

namespace Caretta.Aggregator.Ingress;

/// <summary>
/// One stream's part of the shards: what each holds of the source, and the batch in flight to each. A shard whose ledger stopped or fell silent
/// is opened again, and asked until it answers; the others go on meanwhile. <see cref="Late"/> comes back to the stream's actor.
/// </summary>
internal sealed class ShardDialogue(
    Source source, TimeSpan pollInterval, StreamSettings settings, IActorRef region, InFlight inFlight, AggregatorMetrics metrics, Random random)
{
    private readonly Shard[] _shards = [.. Enumerable.Range(0, settings.ShardCount).Select(_ => new Shard())];

    /// <summary>Who owes an answer now.</summary>
    public IReadOnlyList<uint> Waiting =>
        [.. Enumerable.Range(0, _shards.Length).Where(shard => !_shards[shard].IsOpen || _shards[shard].Batch != 0).Select(shard => (uint)shard)];

    public void Begin(ITimerScheduler timers)
    {
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            Ask(shard, timers);
        }
    }

    /// <summary>A batch whose shard is just being opened again is not passed on: the agent will send it again.</summary>
    public void Pass(AgentBatch batch, ITimerScheduler timers)
    {
        var shard = _shards[batch.Shard];
        if (!shard.IsOpen || batch.Opening != shard.Opening)
        {
            metrics.BatchesSuperseded.Inc();
            return;
        }

        shard.Batch = batch.Id;
        region.Tell(new LedgerEnvelope(
            batch.Shard, new TakeBatch(source, pollInterval, batch.Id, batch.Watermark, batch.Contents.Reports, batch.Base) { Life = shard.Life }));
        timers.StartSingleTimer(batch.Shard, new Late(batch.Shard), settings.AnswerWithin);
    }

    /// <returns>What to tell the agent; null if it is no answer to anything any more.</returns>
    public FromAggregator? Answer(ShardHeld held, IActorRef ledger, IUntypedActorContext context, ITimerScheduler timers)
    {
        var shard = _shards[held.Shard];
        if (held.BatchId == 0)
        {
            if (shard.IsOpen)
            {
                return null; // it was asked more than once
            }

            Open(shard, held, ledger, context);
            inFlight.Open(held.Shard, shard.Opening);
            timers.Cancel(held.Shard);
        }
        else if (!inFlight.End(held.Shard, held.BatchId))
        {
            return null; // of a batch that counts as unsent
        }
        else if (shard.IsOpen)
        {
            shard.Batch = 0;
            timers.Cancel(held.Shard);
        }

        return new FromAggregator
        {
            Held = new Held { Shard = (uint)held.Shard, Sequence = held.Sequence, BatchId = held.BatchId, Opening = shard.Opening, Retired = held.Retired },
        };
    }

    /// <returns>Whether a shard is asked again because its ledger has stopped.</returns>
    public bool Stopped(IActorRef ledger, ITimerScheduler timers)
    {
        var number = Array.FindIndex(_shards, shard => shard.IsOpen && ledger.Equals(shard.Ledger));
        if (number < 0)
        {
            return false;
        }

        Close(number, timers);
        return true;
    }

    /// <summary>The shard has left a batch, or the question what it holds, unanswered for too long.</summary>
    public void Repeat(Late late, ITimerScheduler timers)
    {
        if (_shards[late.Shard].IsOpen)
        {
            Close(late.Shard, timers);
        }
        else
        {
            Ask(late.Shard, timers);
        }
    }

    public bool IsOpen(int shard) => _shards[shard].IsOpen;

    public bool AreAllOpen => Array.TrueForAll(_shards, shard => shard.IsOpen);

    private void Close(int number, ITimerScheduler timers)
    {
        var shard = _shards[number];
        (shard.IsOpen, shard.Repeats, shard.Batch) = (false, 0, 0);
        metrics.ShardsReopened.Inc();
        Ask(number, timers);
    }

    private void Ask(int number, ITimerScheduler timers)
    {
        region.Tell(new LedgerEnvelope(number, new OpenSource(source, pollInterval)));
        timers.StartSingleTimer(number, new Late(number), settings.RepeatAfter(_shards[number].Repeats++, random));
    }

    private static void Open(Shard shard, ShardHeld held, IActorRef ledger, IUntypedActorContext context)
    {
        if (shard.Ledger is not null)
        {
            shard.Opening++;
            if (!shard.Ledger.Equals(ledger))
            {
                context.Unwatch(shard.Ledger);
            }
        }

        (shard.IsOpen, shard.Ledger, shard.Life, shard.Batch) = (true, ledger, held.Life, 0);
        context.Watch(ledger);
    }

    /// <summary>A timer of a shard has rung.</summary>
    internal sealed record Late(int Shard) : INoSerializationVerificationNeeded;

    private sealed class Shard
    {
        public bool IsOpen { get; set; }

        public uint Opening { get; set; }

        public IActorRef? Ledger { get; set; }

        public ulong Life { get; set; }

        public ulong Batch { get; set; }

        public int Repeats { get; set; }
    }
}
