using System.Globalization;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>What the dashboards must show of <see cref="Trade"/>: by dashboard, panel and query.</summary>
internal static class TradeTruth
{
    private const double Window = 300;
    private static readonly string[] Conversation = ["client_namespace", "client_name", "server_namespace", "server_name", "server_port"];
    private static readonly string[] Names = ["client_name", "server_name", "server_port"];

    public static IReadOnlyList<TradeEdge> All => Trade.Edges;

    /// <param name="chosenNamespace">As the variable; null: all.</param>
    public static Dictionary<string, Expected> Map(string? chosenNamespace)
    {
        var edges = All.Where(edge => chosenNamespace is null || edge.Client.Namespace == chosenNamespace || edge.Server.Namespace == chosenNamespace).ToList();
        var seen = edges.SelectMany(edge => new[] { edge.Client, edge.Server }).Distinct();
        return new Dictionary<string, Expected>
        {
            ["caretta-map/Traffic/A"] = Expected.Only(All.Sum(Rate)),
            ["caretta-map/Workloads/A"] = Expected.Only(All.SelectMany(edge => new[] { edge.Client, edge.Server }).Distinct().Count()),
            ["caretta-map/Connections between workloads/A"] = Expected.Only(All.Count),
            ["caretta-map/Failed connections/A"] = Expected.Only(All.Sum(edge => Grown(edge.Failed)) / Window),
            ["caretta-map/Service map/nodes"] = new(
                ["id", "title", "subtitle"],
                seen.ToDictionary(
                    one => $"{one.Id}/{one.Name}/{one.Namespace}",
                    one => All.Sum(edge => (edge.Client == one ? Rate(edge) : 0) + (edge.Server == one ? Rate(edge) : 0)))),
            ["caretta-map/Service map/edges"] = new(
                ["id", "source", "target"], edges.ToDictionary(edge => $"{edge.Client.Id}-{edge.Server.Id}/{edge.Client.Id}/{edge.Server.Id}", Rate)),
        };
    }

    public static Dictionary<string, Expected> Top() => new()
    {
        ["caretta-top/Workloads that send the most/A"] = Workloads(edge => edge.ToServer, edge => edge.ToClient),
        ["caretta-top/Workloads that receive the most/A"] = Workloads(edge => edge.ToClient, edge => edge.ToServer),
        ["caretta-top/Busiest connections/A"] = By(All, Conversation, Rate),
        ["caretta-top/Clients by bytes/A"] = By(All, ["client_namespace", "client_kind", "client_name"], Bytes),
        ["caretta-top/Servers by bytes/A"] = By(All, ["server_namespace", "server_kind", "server_name"], Bytes),
        ["caretta-top/Connections by bytes/A"] = By(All, Conversation, Bytes),
        ["caretta-top/Active ports/A"] = By(All, ["server_port"], Bytes),
        ["caretta-top/Open connections by port/A"] = By(All, ["server_port"], edge => edge.Active),
        ["caretta-top/Connections opened by port/A"] = By(All, ["server_port"], edge => Grown(edge.Opened)),
        ["caretta-top/To external servers by client/A"] =
            By(All.Where(edge => edge.Server.Namespace == "external"), ["client_namespace", "client_name"], edge => Grown(edge.ToServer)),
        ["caretta-top/Connections that fail/A"] = By(All, Conversation, edge => Grown(edge.Failed)),
    };

    /// <summary>With the variables set to the workload, kind and namespace of one, and to a port if one is given.</summary>
    public static Dictionary<string, Expected> Workload(string name, string? port)
    {
        var ports = All.Where(edge => port is null || Text(edge.Port) == port).ToList();
        var (calls, serves) = (ports.Where(edge => edge.Client.Name == name).ToList(), ports.Where(edge => edge.Server.Name == name).ToList());
        var both = calls.Union(serves).ToList();
        return new Dictionary<string, Expected>
        {
            ["caretta-workload/Sent and received, as a client/A"] = Expected.Only(calls.Sum(edge => Grown(edge.ToServer)) / Window),
            ["caretta-workload/Sent and received, as a client/B"] = Expected.Only(calls.Sum(edge => Grown(edge.ToClient)) / Window),
            ["caretta-workload/Sent and received, as a server/A"] = Expected.Only(serves.Sum(edge => Grown(edge.ToClient)) / Window),
            ["caretta-workload/Sent and received, as a server/B"] = Expected.Only(serves.Sum(edge => Grown(edge.ToServer)) / Window),
            ["caretta-workload/Servers it talks to/A"] = By(calls, ["server_namespace", "server_name", "server_port"], Rate),
            ["caretta-workload/Clients it serves/A"] = By(serves, ["client_namespace", "client_name", "server_port"], Rate),
            ["caretta-workload/By server port/A"] = By(both, ["server_port"], Rate),
            ["caretta-workload/Connections opened/A"] = By(both, Names, edge => Grown(edge.Opened) / Window),
            ["caretta-workload/Connections that fail/A"] = By(both, Names, edge => Grown(edge.Failed) / Window),
            ["caretta-workload/Round-trip time/A"] = By(both, Names, edge => edge.RttMicroseconds / 1e6),
            ["caretta-workload/Sent more than once/A"] = By(both, Names, edge => Grown(edge.Retransmitted) * edge.Ends / Window),
            ["caretta-workload/Open connections/A"] = By(both, Names, edge => edge.Active),
            ["caretta-workload/Everything it talks to, in the time shown/A"] = By(both, Conversation, Bytes),
        };
    }

    public static double Grown(ulong perRound) => perRound * Trade.Rounds;

    public static Expected By(IEnumerable<TradeEdge> edges, string[] labels, Func<TradeEdge, double> value) =>
        new(labels, edges.GroupBy(edge => string.Join('/', labels.Select(label => Label(edge, label)))).ToDictionary(some => some.Key, some => some.Sum(value)));

    public static double Bytes(TradeEdge edge) => Grown(edge.ToServer + edge.ToClient);

    public static double Rate(TradeEdge edge) => Bytes(edge) / Window;

    private static Expected Workloads(Func<TradeEdge, ulong> ofClient, Func<TradeEdge, ulong> ofServer) => new(
        ["namespace", "name"],
        All.SelectMany(edge => new[] { (Of: edge.Client, Bytes: ofClient(edge)), (Of: edge.Server, Bytes: ofServer(edge)) })
            .GroupBy(end => $"{end.Of.Namespace}/{end.Of.Name}")
            .ToDictionary(one => one.Key, one => one.Sum(end => Grown(end.Bytes)) / Window));

    private static string Label(TradeEdge edge, string label) => label switch
    {
        "client_namespace" => edge.Client.Namespace,
        "client_kind" => edge.Client.Kind,
        "client_name" => edge.Client.Name,
        "server_namespace" => edge.Server.Namespace,
        "server_kind" => edge.Server.Kind,
        "server_name" => edge.Server.Name,
        _ => Text(edge.Port),
    };

    private static string Text(ushort port) => port.ToString(CultureInfo.InvariantCulture);
}
