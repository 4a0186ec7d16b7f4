namespace Caretta.Aggregator.Map.Answers;

/// <param name="Id">As in /map.</param>
internal sealed record WorkloadName(string Id, string Namespace, string Kind, string Name, string Owner);

/// <summary>A link in one role, as /metrics has it.</summary>
/// <param name="Id">The value of the label link_id.</param>
/// <param name="Role">client or server: whose end was observed. Sent and received are that end's words.</param>
/// <param name="Edge">The id of the edge it is part of.</param>
/// <param name="States">Connections by TCP state, only those there are.</param>
internal sealed record LinkItem(
    string Id,
    string Edge,
    string Role,
    WorkloadName Client,
    WorkloadName Server,
    int Port,
    ulong SentBytes,
    ulong ReceivedBytes,
    double SentRate,
    double ReceivedRate,
    ulong Opened,
    ulong Closed,
    ulong Failed,
    double FailedRate,
    ulong Active,
    ulong RetransmittedBytes,
    double? RttMs,
    IReadOnlyDictionary<string, uint> States,
    DateTimeOffset? FirstSeen,
    DateTimeOffset? LastSeen);

/// <param name="Total">Of all pages, as of now.</param>
/// <param name="Next">For the parameter after; null: this is the last page.</param>
internal sealed record LinksPage(DateTimeOffset At, bool Complete, MembersDto Members, int Total, IReadOnlyList<LinkItem> Items, string? Next);

/// <inheritdoc cref="LinksPage"/>
internal sealed record WorkloadsPage(DateTimeOffset At, bool Complete, MembersDto Members, int Total, IReadOnlyList<MapNode> Items, string? Next);

/// <param name="Edge">Both roles joined.</param>
/// <param name="Roles">Of an edge's id one or two, of a link's id that one.</param>
internal sealed record LinkDetail(
    DateTimeOffset At,
    bool Complete,
    MembersDto Members,
    MapEdgeDto Edge,
    WorkloadName Client,
    WorkloadName Server,
    IReadOnlyList<LinkItem> Roles,
    HistoryDto History,
    IReadOnlyList<PromQuery> Promql);

/// <param name="Ports">Its own, and those it dials.</param>
internal sealed record WorkloadDetail(
    DateTimeOffset At,
    bool Complete,
    MembersDto Members,
    MapNode Workload,
    DateTimeOffset? FirstSeen,
    DateTimeOffset? LastSeen,
    IReadOnlyList<PortSums> Ports,
    HistoryDto History,
    IReadOnlyList<PromQuery> Promql);

/// <param name="Direction">in: it serves the port; out: it dials it.</param>
internal sealed record PortSums(
    int Port, string Direction, int Edges, double RateOut, double RateIn, ulong BytesOut, ulong BytesIn, ulong Active, ulong Opened, ulong Failed);

/// <summary>Rates of the last hour, a step a minute.</summary>
/// <param name="From">When the first step began; null: there is none yet.</param>
/// <param name="Sent">Bytes a second: of an edge to the server, of a link sent by the end observed, of a workload out.</param>
/// <param name="Received">The other way.</param>
/// <param name="Failed">Connections a second.</param>
/// <param name="Partial">Only of the links that carry the most.</param>
internal sealed record HistoryDto(
    int StepSeconds, DateTimeOffset? From, IReadOnlyList<double> Sent, IReadOnlyList<double> Received, IReadOnlyList<double> Failed, bool Partial);

internal sealed record PromQuery(string Title, string Query);

/// <param name="Appeared">First seen in these minutes; those with the most traffic, a thousand at most.</param>
/// <param name="Vanished">Seen in as many minutes before, and not in these.</param>
internal sealed record ChangesAnswer(
    DateTimeOffset At,
    bool Complete,
    MembersDto Members,
    int Minutes,
    int AppearedTotal,
    int VanishedTotal,
    IReadOnlyList<ChangedEdge> Appeared,
    IReadOnlyList<ChangedEdge> Vanished);

internal sealed record ChangedEdge(MapEdgeDto Edge, WorkloadName Client, WorkloadName Server);
