using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>Which sources have a live stream, by the stream's name. A source is silent once its last stream has ended.</summary>
internal sealed class ConnectedSources<TStream>
    where TStream : notnull
{
    private readonly Dictionary<TStream, (Source Source, TimeSpan PollInterval)> _streams = [];

    /// <returns>Whether the stream is new.</returns>
    public bool Connect(TStream stream, Source source, TimeSpan pollInterval)
    {
        var isNew = !_streams.ContainsKey(stream);
        _streams[stream] = (source, pollInterval);
        return isNew;
    }

    /// <returns>The source that is silent from now on, with its poll interval; null if it has another stream.</returns>
    public (Source Source, TimeSpan PollInterval)? Disconnect(TStream stream) =>
        _streams.Remove(stream, out var ended) && !IsConnected(ended.Source) ? ended : null;

    public bool IsConnected(Source source) => _streams.Values.Any(stream => stream.Source == source);

    /// <summary>A node counts whatever its incarnation: the totals of an earlier one are never reported again.</summary>
    public bool AreNodesConnected(IEnumerable<Source> sources)
    {
        var nodes = _streams.Values.Select(stream => stream.Source.NodeName).ToHashSet(StringComparer.Ordinal);
        return sources.All(source => nodes.Contains(source.NodeName));
    }
}
