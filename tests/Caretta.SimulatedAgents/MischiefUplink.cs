using Caretta.Messages.Wire;
using Caretta.Node.Forward;

namespace Caretta.SimulatedAgents;

/// <summary>
/// A stream whose agent misbehaves within the rules of the wire: an old batch overtakes a new one, a batch comes late, or is lost together
/// with its stream. Batches get other ids on the way, so that there is room for those the forwarder knows nothing of.
/// </summary>
internal sealed class MischiefUplink(IUplink inner, double chance, Random random, Action<TimeSpan, Action> later, AckTimes times) : IUplink
{
    private readonly Dictionary<uint, Batch> _lastAcked = [];
    private readonly Dictionary<uint, Batch> _held = [];
    private readonly Dictionary<ulong, (Batch Batch, bool IsOld, long SentAt)> _onTheWay = [];
    private readonly Dictionary<uint, uint> _openings = [];
    private ulong _lastId;

    public void Send(FromNode message)
    {
        lock (_onTheWay)
        {
            if (message.Batch is { } only)
            {
                Emit([.. Sent(only)]);
            }
            else if (message.Batches is { } batches)
            {
                Emit([.. batches.Batches_.SelectMany(Sent)]);
            }
            else
            {
                inner.Send(message);
            }
        }
    }

    /// <summary>What comes back, as the forwarder is to see it; null if it is no business of his.</summary>
    public FromAggregator? Receive(FromAggregator message)
    {
        lock (_onTheWay)
        {
            if (message.Held is { } held)
            {
                return Receive(held) is { } answer ? new FromAggregator { Held = answer } : null;
            }

            if (message.Answers is { } answers)
            {
                var seen = answers.Held.Select(Receive).OfType<Held>().ToList();
                return seen.Count > 0 ? new FromAggregator { Answers = new Answers { Held = { seen } } } : null;
            }

            return message;
        }
    }

    public void Dispose() => inner.Dispose();

    /// <returns>What goes off at once.</returns>
    private IEnumerable<Batch> Sent(Batch batch)
    {
        var dice = random.NextDouble() / chance;
        if (dice < 0.4 && _lastAcked.TryGetValue(batch.Shard, out var old))
        {
            _held[batch.Shard] = batch; // until the old one is answered
            yield return Renumber(old, isOld: true);
        }
        else if (dice is >= 0.4 and < 0.8)
        {
            later(TimeSpan.FromSeconds(random.NextDouble()), () => SendLate(batch));
        }
        else if (dice is >= 0.8 and < 1)
        {
            inner.Dispose(); // with the batch, and whatever else is on its way
        }
        else
        {
            yield return Renumber(batch, isOld: false);
        }
    }

    private void SendLate(Batch batch)
    {
        lock (_onTheWay)
        {
            if (_openings.GetValueOrDefault(batch.Shard) == batch.Opening)
            {
                Emit([Renumber(batch, isOld: false)]);
            }
        }
    }

    private void Emit(List<Batch> batches)
    {
        if (batches is [var only])
        {
            inner.Send(new FromNode { Batch = only });
        }
        else if (batches.Count > 0)
        {
            inner.Send(new FromNode { Batches = new Batches { Batches_ = { batches } } });
        }
    }

    private Batch Renumber(Batch batch, bool isOld)
    {
        var sent = batch.Clone();
        (sent.Id, sent.Opening) = (++_lastId, _openings.GetValueOrDefault(batch.Shard));
        _onTheWay[sent.Id] = (batch, isOld, System.Diagnostics.Stopwatch.GetTimestamp());
        return sent;
    }

    private Held? Receive(Held held)
    {
        if (held.BatchId == 0)
        {
            // What was on its way counts as unsent; and an old watermark builds on what the shard held before.
            _openings[held.Shard] = held.Opening;
            _held.Remove(held.Shard);
            _lastAcked.Remove(held.Shard);
            return held;
        }

        if (!_onTheWay.Remove(held.BatchId, out var sent))
        {
            return null;
        }

        if (sent.IsOld)
        {
            if (_held.Remove(held.Shard, out var waiting))
            {
                Emit([Renumber(waiting, isOld: false)]);
            }

            return null;
        }

        times.Add(System.Diagnostics.Stopwatch.GetElapsedTime(sent.SentAt));
        if (chance > 0)
        {
            _lastAcked[held.Shard] = sent.Batch;
        }

        var answer = held.Clone();
        answer.BatchId = sent.Batch.Id;
        return answer;
    }
}
