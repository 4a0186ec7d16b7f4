using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// How many links a shard has room for, expired ones included. Further ones are counted together in a <c>~other</c> link, and so are those
/// of a node that alone fills more than its share: a sick or hostile node must not take the room of all others.
/// </summary>
internal sealed class LinkRoom
{
    /// <summary>A link without room keeps its own totals inside <c>~other</c>, so their number is bounded too, at this many times the room.</summary>
    public const int OverflowFactor = 4;

    /// <summary>A node has at most one in so many of the links for itself.</summary>
    public const int NodeShare = 4;

    /// <summary>But always so many; a shard smaller than that is not shared out.</summary>
    public const int MinNodeLinks = 64;

    private readonly int _maxLinks;
    private readonly int _maxNodeLinks;
    private readonly HashSet<ulong> _known = [];
    private readonly Dictionary<ulong, string> _onlyFrom = [];
    private readonly Dictionary<string, int> _own = new(StringComparer.Ordinal);
    private readonly HashSet<Contributor> _redirected = [];
    private readonly Dictionary<string, int> _ownRedirected = new(StringComparer.Ordinal);
    private readonly Dictionary<Role, NetworkLink> _overflow;

    public LinkRoom(int shard, int shardCount, int maxLinks, ShardState state)
    {
        (_maxLinks, _maxNodeLinks) = (maxLinks, Math.Max(MinNodeLinks, maxLinks / NodeShare));
        _overflow = Enum.GetValues<Role>().ToDictionary(role => role, role => OverflowLinks.For(shard, shardCount, role));
        foreach (var link in state.Links)
        {
            if (_overflow.TryGetValue(link.Link.Role, out var overflow) && overflow.Id == link.Link.Id)
            {
                foreach (var by in link.Held.Keys)
                {
                    Redirect(by);
                }
            }
            else
            {
                Know(link);
            }
        }
    }

    /// <returns>Where the report counts, or null if there is no room at all: then it is lost, and must be counted as lost.</returns>
    public (NetworkLink Link, Contributor By)? Find(Source source, NetworkLink link)
    {
        var redirected = new Contributor(source, link.Id);
        if (_redirected.Contains(redirected))
        {
            return (_overflow[link.Role], redirected); // also if there is room by now: its total is there, and would count twice
        }

        if (_known.Contains(link.Id))
        {
            Share(link.Id, source.NodeName);
            return (link, new Contributor(source));
        }

        if (_known.Count < _maxLinks && _own.GetValueOrDefault(source.NodeName) < _maxNodeLinks)
        {
            _known.Add(link.Id);
            _onlyFrom.Add(link.Id, source.NodeName);
            _own[source.NodeName] = _own.GetValueOrDefault(source.NodeName) + 1;
            return (link, new Contributor(source));
        }

        if (_redirected.Count >= _maxLinks * OverflowFactor
            || _ownRedirected.GetValueOrDefault(source.NodeName) >= _maxNodeLinks * OverflowFactor)
        {
            return null;
        }

        Redirect(redirected);
        return (_overflow[link.Role], redirected);
    }

    /// <summary>What they had under <c>~other</c> is one number now. The links that were only theirs stay known, and theirs until a restart.</summary>
    public void Retire(IEnumerable<Source> sources)
    {
        var gone = sources.ToHashSet();
        foreach (var by in _redirected.Where(by => gone.Contains(by.Source)).ToList())
        {
            _redirected.Remove(by);
            _ownRedirected[by.Source.NodeName]--;
        }
    }

    private void Know(LinkState link)
    {
        _known.Add(link.Link.Id);
        var nodes = link.Held.Keys.Select(by => by.Source.NodeName).Distinct(StringComparer.Ordinal).Take(2).ToList();
        if (nodes is [var only] && link.Retired is null)
        {
            _onlyFrom.Add(link.Link.Id, only);
            _own[only] = _own.GetValueOrDefault(only) + 1;
        }
    }

    private void Share(ulong linkId, string nodeName)
    {
        if (_onlyFrom.TryGetValue(linkId, out var only) && only != nodeName)
        {
            _onlyFrom.Remove(linkId);
            _own[only]--;
        }
    }

    private void Redirect(Contributor by)
    {
        if (_redirected.Add(by))
        {
            _ownRedirected[by.Source.NodeName] = _ownRedirected.GetValueOrDefault(by.Source.NodeName) + 1;
        }
    }
}
