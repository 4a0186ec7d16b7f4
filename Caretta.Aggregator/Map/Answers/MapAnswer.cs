namespace Caretta.Aggregator.Map.Answers;

/// <summary>The map as it is drawn: GET /api/v1/map.</summary>
/// <param name="At">When the links were gathered.</param>
/// <param name="RefreshSeconds">They are gathered anew so often while somebody looks.</param>
/// <param name="Complete">All members answered in time.</param>
/// <param name="Totals">Of all that the filters and the focus let through, drawn or not.</param>
/// <param name="Level">namespaces, workloads or mixed.</param>
/// <param name="TooMany">More nodes than maxNodes.</param>
/// <param name="Left">What the nodes and edges of type rest stand for.</param>
internal sealed record MapAnswer(
    DateTimeOffset At,
    double RefreshSeconds,
    bool Complete,
    MembersDto Members,
    MapTotals Totals,
    string Level,
    bool TooMany,
    IReadOnlyList<MapNode> Nodes,
    IReadOnlyList<MapEdgeDto> Edges,
    MapLeft Left);

/// <summary>What changed since the event before: what is new or other is whole.</summary>
internal sealed record MapDelta(
    DateTimeOffset At,
    bool Complete,
    MembersDto Members,
    MapTotals Totals,
    MapLeft Left,
    IReadOnlyList<MapNode> Nodes,
    IReadOnlyList<MapEdgeDto> Edges,
    IReadOnlyList<string> GoneNodes,
    IReadOnlyList<string> GoneEdges);

/// <param name="Missing">host:port of those that have not answered in time.</param>
internal sealed record MembersDto(int Asked, int Answered, IReadOnlyList<string> Missing);

/// <param name="Links">Series on /metrics: up to two for an edge.</param>
/// <param name="Rate">Bytes a second.</param>
internal sealed record MapTotals(int Namespaces, int Workloads, int Links, int Edges, double Rate);

internal sealed record MapLeft(int Nodes, int Edges, double Rate);
