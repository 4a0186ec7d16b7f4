using System.Collections.Concurrent;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// Which shards could not be read from the journal, and how long each is left alone. Whoever waits for one asks for it again and again, and there may be
/// a thousand agents: without a pause it would be tried again with each question. The pauses differ, so that not all shards are read at once.
/// </summary>
internal sealed class RecoveryPauses(TimeProvider time)
{
    /// <summary>About as often as the journal's circuit breaker lets somebody try.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<int, Pause> _pauses = [];

    /// <returns>Whether that is new: it could be read the last time.</returns>
    public bool Failed(int shard)
    {
        var isNew = !_pauses.ContainsKey(shard);
        _pauses[shard] = new Pause(time.GetTimestamp(), Shortest + ((Longest - Shortest) * Random.Shared.NextDouble()));
        return isNew;
    }

    /// <summary>It was read, or is no longer ours to read.</summary>
    public void Forget(int shard) => _pauses.TryRemove(shard, out _);

    /// <returns>What is left of the pause; null: it may be read.</returns>
    public TimeSpan? Left(int shard) =>
        _pauses.TryGetValue(shard, out var pause) && pause.Length - time.GetElapsedTime(pause.Since) is var left && left > TimeSpan.Zero ? left : null;

    private sealed record Pause(long Since, TimeSpan Length);
}
