using System.Globalization;
using Caretta.Aggregator.Map.Answers;
using Spectre.Console;

namespace Caretta.Aggregator.Cli;

/// <summary>A map as a table, a line an edge.</summary>
internal static class TopTable
{
    public static Table Of(MapAnswer map)
    {
        var nodes = map.Nodes.ToDictionary(node => node.Id);
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(Title(map))) };
        table.AddColumns("Client", "Server");
        foreach (var head in new[] { "Port", "To server", "To client", "Open", "Failed/s", "RTT" })
        {
            table.AddColumn(new TableColumn(head) { Alignment = Justify.Right, NoWrap = true });
        }

        foreach (var edge in map.Edges.OrderByDescending(edge => edge.Type != "rest").ThenByDescending(edge => edge.Rate).ThenByDescending(edge => edge.BytesToServer + edge.BytesToClient))
        {
            var style = edge.FailedRate > 0 ? new Style(Color.Red) : edge.Rate > 0 ? Style.Plain : new Style(Color.Grey);
            table.AddRow(Cells(edge, nodes).Select(cell => new Text(cell, style)));
        }

        return table;
    }

    private static string[] Cells(MapEdgeDto edge, Dictionary<string, MapNode> nodes) =>
    [
        Name(nodes[edge.From]),
        Name(nodes[edge.To]),
        string.Join(' ', edge.Ports),
        ByteText.Rate(edge.RateToServer),
        ByteText.Rate(edge.RateToClient),
        edge.Active.ToString(CultureInfo.InvariantCulture),
        edge.FailedRate > 0 ? edge.FailedRate.ToString("0.##", CultureInfo.InvariantCulture) : "",
        edge.RttMs is { } rtt ? rtt.ToString("0.#", CultureInfo.InvariantCulture) + " ms" : "",
    ];

    private static string Name(MapNode node) => node.Type == "rest" ? "(others)" : CleanText.Of($"{node.Namespace}/{node.Name}");

    private static string Title(MapAnswer map)
    {
        var missing = map.Complete ? "" : $"; {string.Join(", ", map.Members.Missing.Select(CleanText.Of))} did not answer";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{map.At:HH:mm:ss} UTC: {map.Totals.Workloads} workloads, {map.Totals.Edges} edges, {ByteText.Rate(map.Totals.Rate)}{missing}");
    }
}
