using System.Collections.Concurrent;
using System.Diagnostics;

namespace Caretta.Aggregator.Links;

/// <summary>
/// Of which shards the links are on the page: from when all of a shard's totals are back until it leaves this member. The log says when, on
/// the clock that all processes of a machine share.
/// </summary>
internal sealed class ExportedShards(ILogger<ExportedShards> log)
{
    private readonly ConcurrentDictionary<int, byte> _exported = [];

    public bool Contains(int shard) => _exported.ContainsKey(shard);

    public void Open(int shard)
    {
        // Written before: no scrape may find the shard earlier than the log says.
        if (!_exported.ContainsKey(shard))
        {
            log.LogInformation("Shard {Shard} exported from {Nanoseconds} ns", shard, Nanoseconds());
            _exported[shard] = 0;
        }
    }

    /// <returns>False: it was not exported.</returns>
    public bool Close(int shard)
    {
        if (!_exported.TryRemove(shard, out _))
        {
            return false;
        }

        log.LogInformation("Shard {Shard} exported until {Nanoseconds} ns", shard, Nanoseconds());
        return true;
    }

    private static long Nanoseconds() => Stopwatch.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;
}
