using Caretta.Messages;

namespace Caretta.Aggregator.Map.Model;

/// <summary>All links of the cluster at one time, joined into edges between workloads. Never changed: all who look share it.</summary>
internal sealed class MapModel
{
    private readonly Dictionary<ulong, MapWorkload> _workloads = [];
    private readonly Dictionary<string, int> _namespaces = new(StringComparer.Ordinal);
    private readonly List<MapWorkload> _all = [];
    private readonly List<string> _names = [];
    private readonly Dictionary<ulong, MapEdge> _edges;
    private readonly Dictionary<ulong, LinkFact> _links = [];

    private MapModel(long number, DateTimeOffset at, MembersAnswered members, IEnumerable<LinkFact> links)
    {
        (Number, At, Members) = (number, at, members);
        var roles = new Dictionary<ulong, (LinkFact? Client, LinkFact? Server)>();
        foreach (var link in links)
        {
            Keep(link, roles);
        }

        var edges = new List<MapEdge>(roles.Count);
        _edges = new Dictionary<ulong, MapEdge>(roles.Count);
        var now = at.ToUnixTimeMilliseconds();
        foreach (var (id, (client, server)) in roles)
        {
            var link = (client ?? server)!.Link;
            var edge = new MapEdge(id, Of(link.Client), Of(link.Server), link.ServerPort, client, server, EdgeSums.Join(client, server, now));
            edges.Add(edge);
            _edges.Add(id, edge);
        }

        Edges = edges;
    }

    private MapModel(MapModel before, MembersAnswered members)
    {
        (Number, At, Members, IsOld) = (before.Number, before.At, members, true);
        (_workloads, _namespaces, _all, _names) = (before._workloads, before._namespaces, before._all, before._names);
        (_edges, _links, Edges) = (before._edges, before._links, before.Edges);
    }

    public static MapModel Empty { get; } = Of(0, DateTimeOffset.UnixEpoch, MembersAnswered.Nobody, []);

    /// <summary>Of the models of one member, one after the other.</summary>
    public long Number { get; }

    public DateTimeOffset At { get; }

    /// <summary>There should be a later one by now.</summary>
    public bool IsOld { get; }

    public MembersAnswered Members { get; }

    public IReadOnlyList<MapWorkload> Workloads => _all;

    public IReadOnlyList<string> Namespaces => _names;

    public IReadOnlyList<MapEdge> Edges { get; }

    public IReadOnlyCollection<LinkFact> Links => _links.Values;

    /// <param name="links">One that two members tell of, since it moves, counts once, as far as it has come.</param>
    public static MapModel Of(long number, DateTimeOffset at, MembersAnswered members, IEnumerable<LinkFact> links) => new(number, at, members, links);

    /// <summary>This one where a later one should be.</summary>
    /// <param name="missing">The member that should have made it.</param>
    public MapModel AsItWas(string missing) => new(this, Members.Without(missing));

    public MapWorkload? Workload(ulong id) => _workloads.GetValueOrDefault(id);

    public MapEdge? Edge(ulong id) => _edges.GetValueOrDefault(id);

    public LinkFact? Link(ulong id) => _links.GetValueOrDefault(id);

    private void Keep(LinkFact link, Dictionary<ulong, (LinkFact? Client, LinkFact? Server)> roles)
    {
        if (_links.TryGetValue(link.Link.Id, out var other) && other.Figures.Progress >= link.Figures.Progress)
        {
            return;
        }

        _links[link.Link.Id] = link;
        var (client, server) = roles.GetValueOrDefault(link.EdgeId);
        roles[link.EdgeId] = link.Link.Role == Role.Client ? (link, server) : (client, link);
    }

    private MapWorkload Of(Workload workload)
    {
        if (!_workloads.TryGetValue(workload.Id, out var known))
        {
            known = new MapWorkload(_all.Count, NamespaceOf(workload.Namespace), workload);
            _workloads.Add(workload.Id, known);
            _all.Add(known);
        }

        return known;
    }

    private int NamespaceOf(string name)
    {
        if (!_namespaces.TryGetValue(name, out var index))
        {
            _namespaces.Add(name, index = _names.Count);
            _names.Add(name);
        }

        return index;
    }
}
