namespace Caretta.SimulatedAgents;

/// <summary>
/// Of one agent: from each poll until a shard says that it holds what was counted in it, however many batches that took. What a shard has acknowledged it has
/// shown on its gauges just before.
/// </summary>
internal sealed class PollDelays(AckTimes times, TimeProvider time)
{
    private readonly Queue<(ulong Sequence, long At)> _polls = [];
    private readonly Dictionary<uint, ulong> _held = [];

    public void Polled(ulong sequence)
    {
        _polls.Enqueue((sequence, time.GetTimestamp()));
        if (_polls.Count > MostPolls)
        {
            _polls.Dequeue();
        }
    }

    /// <summary>Older ones are forgotten; by then something is wrong that other figures show.</summary>
    private const int MostPolls = 1000;

    public void Held(uint shard, ulong sequence)
    {
        var before = _held.GetValueOrDefault(shard);
        foreach (var (poll, at) in _polls.Where(poll => poll.Sequence > before && poll.Sequence <= sequence))
        {
            times.Add(time.GetElapsedTime(at));
        }

        _held[shard] = Math.Max(before, sequence);
    }

    /// <summary>A new incarnation counts its polls from one.</summary>
    public void Clear()
    {
        _polls.Clear();
        _held.Clear();
    }
}
