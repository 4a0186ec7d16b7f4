using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// How many sources a shard has room for that are not retired. A node that begins incarnation after incarnation, from a disk that forgets or
/// on purpose, is bounded long before it crowds out others.
/// </summary>
internal sealed class SourceRoom
{
    public const int MaxSources = 16_384;
    public const int MaxOfNode = 16;

    private readonly HashSet<Source> _known = [];
    private readonly Dictionary<string, int> _ofNode = new(StringComparer.Ordinal);

    public SourceRoom(ShardState state)
    {
        foreach (var source in state.Sources)
        {
            Know(source);
        }
    }

    public int Count => _known.Count;

    /// <returns>False: nothing of the source can be counted until others are retired.</returns>
    public bool Admit(Source source)
    {
        if (_known.Contains(source))
        {
            return true;
        }

        if (_known.Count >= MaxSources || _ofNode.GetValueOrDefault(source.NodeName) >= MaxOfNode)
        {
            return false;
        }

        Know(source);
        return true;
    }

    public void Retire(IEnumerable<Source> sources)
    {
        foreach (var source in sources.Where(_known.Remove))
        {
            _ofNode[source.NodeName]--;
        }
    }

    private void Know(Source source)
    {
        if (_known.Add(source))
        {
            _ofNode[source.NodeName] = _ofNode.GetValueOrDefault(source.NodeName) + 1;
        }
    }
}
