using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>How many links a shard has room for, expired ones included. Further ones are counted together in a <c>~other</c> link.</summary>
internal sealed class LinkRoom
{
    /// <summary>A link without room keeps its own totals inside <c>~other</c>, so their number is bounded too, at this many times the room.</summary>
    public const int OverflowFactor = 4;

    private readonly int _maxLinks;
    private readonly HashSet<ulong> _known = [];
    private readonly HashSet<Contributor> _redirected = [];
    private readonly Dictionary<Role, NetworkLink> _overflow;

    public LinkRoom(int shard, int shardCount, int maxLinks, ShardState state)
    {
        _maxLinks = maxLinks;
        _overflow = Enum.GetValues<Role>().ToDictionary(role => role, role => OverflowLinks.For(shard, shardCount, role));
        _known.UnionWith(state.Snapshot().Links.Select(link => link.Link.Id));
        foreach (var overflow in _overflow.Values)
        {
            _known.Remove(overflow.Id);
            _redirected.UnionWith(state.Link(overflow.Id)?.Held.Keys ?? []);
        }
    }

    /// <returns>Where the report counts, or null if there is no room at all: then it is lost, and must be counted as lost.</returns>
    public (NetworkLink Link, Contributor By)? Find(Source source, NetworkLink link)
    {
        if (_known.Contains(link.Id) || (_known.Count < _maxLinks && _known.Add(link.Id)))
        {
            return (link, new Contributor(source));
        }

        var by = new Contributor(source, link.Id);
        return _redirected.Contains(by) || (_redirected.Count < _maxLinks * OverflowFactor && _redirected.Add(by))
            ? (_overflow[link.Role], by)
            : null;
    }
}
