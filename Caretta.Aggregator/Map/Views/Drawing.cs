using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Model;

namespace Caretta.Aggregator.Map.Views;

/// <summary>
/// Edges as they are drawn at a level of detail: each is in exactly one of the edges drawn, so at every level they sum up to the same.
/// </summary>
internal sealed class Drawing
{
    private const int PortsShown = 10;

    private readonly Dictionary<(DrawnNode From, DrawnNode To), Bundle> _bundles = [];
    private readonly List<Drawn> _drawn = [];
    private readonly DrawnNode _rest;
    private EdgeSums _toRest;

    public Drawing(IEnumerable<MapEdge> edges, Func<MapWorkload, DrawnNode> nodeOf, DrawnNode rest)
    {
        _rest = rest;
        foreach (var edge in edges)
        {
            var (from, to) = (nodeOf(edge.From), nodeOf(edge.To));
            if (from.IsWorkload && to.IsWorkload)
            {
                _drawn.Add(new Drawn(edge.Sums, _drawn.Count, edge, null));
            }
            else
            {
                Bundled(from, to).Add(edge);
            }
        }

        foreach (var bundle in _bundles.Values)
        {
            _drawn.Add(new Drawn(bundle.Sums, _drawn.Count, null, bundle));
            LeftEdges += bundle.IsRest ? 1 : 0;
            LeftRate += bundle.IsRest ? bundle.Sums.Rate : 0;
        }
    }

    /// <summary>Edges that are part of one of type rest.</summary>
    public int LeftEdges { get; private set; }

    public double LeftRate { get; private set; }

    public bool HasRestEdge => _toRest.Links > 0;

    /// <summary>Those that carry the most, and one for all the others.</summary>
    public IReadOnlyList<MapEdgeDto> Top(int most)
    {
        if (_drawn.Count > most)
        {
            _drawn.Sort();
            foreach (var drawn in _drawn.Skip(most))
            {
                _toRest += drawn.Sums;
                LeftRate += drawn.IsRest ? 0 : drawn.Sums.Rate; // counted before
                LeftEdges += drawn.IsRest ? 0 : 1;
            }

            _drawn.RemoveRange(most, _drawn.Count - most);
        }

        List<MapEdgeDto> edges = [.. _drawn.Select(drawn => drawn.ToDto())];
        if (HasRestEdge)
        {
            edges.Add(Dtos.Edge(MapIds.Rest, _rest.Id, _rest.Id, MapIds.Rest, [], _toRest));
        }

        return edges;
    }

    private Bundle Bundled(DrawnNode from, DrawnNode to)
    {
        if (!_bundles.TryGetValue((from, to), out var bundle))
        {
            _bundles.Add((from, to), bundle = new Bundle(from.Id, to.Id, from == _rest || to == _rest));
        }

        return bundle;
    }

    private sealed class Bundle(string from, string to, bool isRest)
    {
        private readonly Dictionary<ushort, ulong> _bytesByPort = [];

        public EdgeSums Sums { get; private set; }

        public bool IsRest => isRest;

        public void Add(MapEdge edge)
        {
            Sums += edge.Sums;
            _bytesByPort[edge.Port] = _bytesByPort.GetValueOrDefault(edge.Port) + edge.Sums.Bytes;
        }

        public MapEdgeDto ToDto()
        {
            var ports = _bytesByPort.OrderByDescending(port => port.Value).Take(PortsShown).Select(port => (int)port.Key).Order();
            return Dtos.Edge(MapIds.OfBundle(from, to), from, to, isRest ? MapIds.Rest : "bundle", [.. ports], Sums);
        }
    }

    /// <summary>One of the two. In order: what carries most now, then what has carried most, then as they came.</summary>
    private sealed class Drawn(in EdgeSums sums, int number, MapEdge? edge, Bundle? bundle) : IComparable<Drawn>
    {
        public EdgeSums Sums { get; } = sums;

        public bool IsRest => bundle is { IsRest: true };

        public MapEdgeDto ToDto() => edge is not null ? Dtos.Of(edge) : bundle!.ToDto();

        public int CompareTo(Drawn? other)
        {
            var byRate = other!.Sums.Rate.CompareTo(Sums.Rate);
            var byBytes = byRate != 0 ? byRate : other.Sums.Bytes.CompareTo(Sums.Bytes);
            return byBytes != 0 ? byBytes : number.CompareTo(other.Number);
        }

        private int Number => number;
    }
}
