using System.Collections.Concurrent;

namespace Caretta.Aggregator.Ingress;

/// <summary>One live stream per node name: two agents of one name would each hold a part of the truth.</summary>
internal sealed class LiveNodes(AggregatorMetrics metrics)
{
    private readonly ConcurrentDictionary<string, byte> _names = new(StringComparer.Ordinal);

    public bool TryTake(string nodeName)
    {
        var taken = _names.TryAdd(nodeName, 0);
        metrics.Streams.Set(_names.Count);
        return taken;
    }

    public void Release(string nodeName)
    {
        _names.TryRemove(nodeName, out _);
        metrics.Streams.Set(_names.Count);
    }
}
