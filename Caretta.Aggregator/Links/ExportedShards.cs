using System.Collections.Concurrent;
using System.Diagnostics;
using Caretta.Aggregator.Cluster;

namespace Caretta.Aggregator.Links;

/// <summary>
/// Of which shards the links are on the page: from when all of a shard's totals are back, and the lease says that they are this member's, until it
/// leaves this member. The log says when, on the clock that all processes of a machine share.
/// </summary>
internal sealed class ExportedShards
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<int, byte> _exported = [];
    private readonly HashSet<int> _waiting = [];
    private readonly OwnershipLease _lease;
    private readonly ILogger<ExportedShards> _log;

    public ExportedShards(OwnershipLease lease, ILogger<ExportedShards> log)
    {
        (_lease, _log) = (lease, log);
        lease.Renewing += Export;
    }

    public bool Contains(int shard) => _exported.ContainsKey(shard);

    /// <summary>Its totals are back. A member that slept meanwhile, and is no longer one, does not export them.</summary>
    public void Open(int shard)
    {
        lock (_lock)
        {
            if (!_exported.ContainsKey(shard))
            {
                _waiting.Add(shard);
            }
        }

        if (_lease.Held)
        {
            Export();
        }
    }

    /// <returns>False: it was not here.</returns>
    public bool Close(int shard)
    {
        lock (_lock)
        {
            if (!_exported.TryRemove(shard, out _))
            {
                return _waiting.Remove(shard);
            }

            _log.LogInformation("Shard {Shard} exported until {Nanoseconds} ns", shard, Nanoseconds());
            return true;
        }
    }

    private static long Nanoseconds() => Stopwatch.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;

    private void Export()
    {
        lock (_lock)
        {
            foreach (var shard in _waiting)
            {
                // Written before: no scrape may find the shard earlier than the log says.
                _log.LogInformation("Shard {Shard} exported from {Nanoseconds} ns", shard, Nanoseconds());
                _exported[shard] = 0;
            }

            _waiting.Clear();
        }
    }
}
