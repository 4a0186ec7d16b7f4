using Akka.Actor;
using Caretta.Aggregator.Shards;
using Caretta.Messages.Wire;
using Source = Caretta.Messages.Source;

namespace Caretta.Aggregator.Ingress;

/// <summary>
/// One stream's part of the shards: what each holds of the source, and the batch in flight to each. A shard whose ledger stopped or fell silent
/// is opened again, and asked until it answers; the others go on meanwhile. <see cref="Late"/> and <see cref="Overdue"/> come back to the stream's actor.
/// </summary>
internal sealed class ShardDialogue(
    Source source, TimeSpan pollInterval, StreamSettings settings, IActorRef region, InFlight inFlight, AggregatorMetrics metrics, Random random)
{
    private readonly Shard[] _shards = [.. Enumerable.Range(0, settings.ShardCount).Select(_ => new Shard())];
    private readonly Dictionary<long, int> _unanswered = [];
    private long _lastMessage;

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

    /// <summary>No shard owes an answer to a batch.</summary>
    public bool IsAllAnswered => _unanswered.Count == 0;

    /// <summary>What came in one message, under one timer.</summary>
    public void Pass(IReadOnlyList<AgentBatch> batches, ITimerScheduler timers)
    {
        var message = ++_lastMessage;
        var passed = batches.Count(batch => Pass(batch, message));
        if (passed > 0)
        {
            _unanswered.Add(message, passed);
            timers.StartSingleTimer(message, new Overdue(message), settings.AnswerWithin);
        }
    }

    /// <summary>A batch whose shard is just being opened again is not passed on: the agent will send it again.</summary>
    private bool Pass(AgentBatch batch, long message)
    {
        var shard = _shards[batch.Shard];
        if (!shard.IsOpen || batch.Opening != shard.Opening)
        {
            metrics.BatchesSuperseded.Inc();
            return false;
        }

        (shard.Batch, shard.Message) = (batch.Id, message);
        region.Tell(new LedgerEnvelope(
            batch.Shard, new TakeBatch(source, pollInterval, batch.Id, batch.Watermark, batch.Contents.Reports, batch.Base) { Life = shard.Life }));
        return true;
    }

    /// <returns>What to tell the agent; null if it is no answer to anything any more.</returns>
    public Held? Answer(ShardHeld held, IActorRef ledger, IUntypedActorContext context, ITimerScheduler timers)
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
            Answered(shard, timers);
        }

        return new Held { Shard = (uint)held.Shard, Sequence = held.Sequence, BatchId = held.BatchId, Opening = shard.Opening, Retired = held.Retired };
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

    /// <summary>The shard has left the question what it holds unanswered for too long.</summary>
    public void Repeat(Late late, ITimerScheduler timers)
    {
        if (!_shards[late.Shard].IsOpen)
        {
            Ask(late.Shard, timers);
        }
    }

    /// <summary>Shards have left batches of that message unanswered for too long.</summary>
    public void Repeat(Overdue overdue, ITimerScheduler timers)
    {
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            if (_shards[shard].Batch != 0 && _shards[shard].Message == overdue.Message)
            {
                Close(shard, timers);
            }
        }
    }

    public bool IsUnanswered(long message) => _unanswered.ContainsKey(message);

    public bool AreAllOpen => Array.TrueForAll(_shards, shard => shard.IsOpen);

    private void Close(int number, ITimerScheduler timers)
    {
        var shard = _shards[number];
        Answered(shard, timers); // it counts as unsent
        (shard.IsOpen, shard.Repeats) = (false, 0);
        metrics.ShardsReopened.Inc();
        Ask(number, timers);
    }

    private void Answered(Shard shard, ITimerScheduler timers)
    {
        if (shard.Batch != 0 && --_unanswered[shard.Message] == 0)
        {
            _unanswered.Remove(shard.Message);
            timers.Cancel(shard.Message);
        }

        shard.Batch = 0;
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

        (shard.IsOpen, shard.Ledger, shard.Life) = (true, ledger, held.Life);
        context.Watch(ledger);
    }

    /// <summary>A timer of a shard has rung.</summary>
    internal sealed record Late(int Shard) : INoSerializationVerificationNeeded;

    /// <summary>The timer of a message's batches has rung.</summary>
    internal sealed record Overdue(long Message) : INoSerializationVerificationNeeded;

    private sealed class Shard
    {
        public bool IsOpen { get; set; }

        public uint Opening { get; set; }

        public IActorRef? Ledger { get; set; }

        public ulong Life { get; set; }

        /// <summary>In flight; 0: none.</summary>
        public ulong Batch { get; set; }

        /// <summary>With which the batch came.</summary>
        public long Message { get; set; }

        public int Repeats { get; set; }
    }
}
