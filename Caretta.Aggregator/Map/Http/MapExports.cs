using System.Globalization;
using System.Text;
using Caretta.Aggregator.Map.Answers;

namespace Caretta.Aggregator.Map.Http;

/// <summary>A view of the map for other programs.</summary>
internal static class MapExports
{
    public const string Csv = "text/csv";
    public const string Dot = "text/vnd.graphviz";

    private static readonly string[] Header =
    [
        "id", "type", "from", "from_type", "from_namespace", "from_kind", "from_name", "to", "to_type", "to_namespace", "to_kind", "to_name", "ports", "links",
        "rate", "rate_to_server", "rate_to_client", "bytes_to_server", "bytes_to_client", "active", "opened", "failed", "failed_rate", "rtt_ms", "first_seen",
        "last_seen",
    ];

    /// <summary>A line an edge.</summary>
    public static string ToCsv(MapAnswer map)
    {
        var nodes = map.Nodes.ToDictionary(node => node.Id);
        var text = CsvText.Row(new StringBuilder(), Header);
        foreach (var edge in map.Edges)
        {
            CsvText.Row(
                text,
                [
                    edge.Id, edge.Type, .. Cells(nodes[edge.From]), .. Cells(nodes[edge.To]), string.Join(' ', edge.Ports), Number(edge.Links),
                    Number(edge.Rate), Number(edge.RateToServer), Number(edge.RateToClient), Number(edge.BytesToServer), Number(edge.BytesToClient),
                    Number(edge.Active), Number(edge.Opened), Number(edge.Failed), Number(edge.FailedRate), edge.RttMs is { } rtt ? Number(rtt) : "",
                    Time(edge.FirstSeen), Time(edge.LastSeen),
                ]);
        }

        return text.ToString();
    }

    /// <summary>Graphviz: namespaces are clusters.</summary>
    public static string ToDot(MapAnswer map)
    {
        var text = new StringBuilder("digraph caretta {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n");
        var cluster = 0;
        foreach (var space in map.Nodes.Where(node => node.Type == "workload").GroupBy(node => node.Namespace))
        {
            text.Append(CultureInfo.InvariantCulture, $"  subgraph cluster_{cluster++} {{\n    label={Quoted(space.Key)};\n");
            foreach (var node in space)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {Quoted(node.Id)} [label={Quoted($"{node.Kind}\n{node.Name}")}];\n");
            }

            text.Append("  }\n");
        }

        foreach (var node in map.Nodes.Where(node => node.Type != "workload"))
        {
            var label = node.Type == "rest" ? $"{node.Workloads} more" : $"{node.Name}\n{node.Workloads} workloads";
            text.Append(CultureInfo.InvariantCulture, $"  {Quoted(node.Id)} [label={Quoted(label)}, shape=folder];\n");
        }

        foreach (var edge in map.Edges)
        {
            var label = $"{(edge.Type == "edge" ? $":{edge.Ports[0]}\n" : "")}{ByteText.Rate(edge.Rate)}";
            var colour = edge.FailedRate > 0 ? ", color=red" : "";
            text.Append(CultureInfo.InvariantCulture, $"  {Quoted(edge.From)} -> {Quoted(edge.To)} [label={Quoted(label)}{colour}];\n");
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>In Graphviz' texts a backslash begins an escape, and a quote ends the text.</summary>
    public static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";

    private static string[] Cells(MapNode node) => [node.Id, node.Type, node.Namespace, node.Kind, node.Name];

    private static string Number<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture) ?? "";
}
