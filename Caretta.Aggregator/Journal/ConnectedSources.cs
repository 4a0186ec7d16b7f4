using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>Which sources have a live stream, by the stream's name. A source is silent once its last stream has ended.</summary>
internal sealed class ConnectedSources<TStream>
    where TStream : notnull
{
    private readonly Dictionary<TStream, (Source Source, TimeSpan PollInterval)> _streams = [];
    private readonly Dictionary<Source, int> _sources = [];
    private readonly Dictionary<string, int> _nodes = new(StringComparer.Ordinal);

    /// <returns>Whether the stream is new.</returns>
    public bool Connect(TStream stream, Source source, TimeSpan pollInterval)
    {
        var isNew = !_streams.ContainsKey(stream);
        if (!isNew)
        {
            Disconnect(stream);
        }

        _streams.Add(stream, (source, pollInterval));
        _sources[source] = _sources.GetValueOrDefault(source) + 1;
        _nodes[source.NodeName] = _nodes.GetValueOrDefault(source.NodeName) + 1;
        return isNew;
    }

    /// <returns>The source that is silent from now on, with its poll interval; null if it has another stream.</returns>
    public (Source Source, TimeSpan PollInterval)? Disconnect(TStream stream)
    {
        if (!_streams.Remove(stream, out var ended))
        {
            return null;
        }

        Decrease(_sources, ended.Source);
        Decrease(_nodes, ended.Source.NodeName);
        return IsConnected(ended.Source) ? null : ended;
    }

    public bool IsConnected(Source source) => _sources.ContainsKey(source);

    /// <summary>A node counts whatever its incarnation: the totals of an earlier one are never reported again.</summary>
    public bool AreNodesConnected(IEnumerable<Source> sources) => sources.All(source => _nodes.ContainsKey(source.NodeName));

    private static void Decrease<TKey>(Dictionary<TKey, int> counts, TKey key)
        where TKey : notnull
    {
        if (--counts[key] == 0)
        {
            counts.Remove(key);
        }
    }
}
