using System.Text.RegularExpressions;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>The queries of docs/queries.md, as printed there.</summary>
internal static partial class DocumentedQueries
{
    /// <summary>In their order: of each of the three the known form, then the safe one.</summary>
    public static IReadOnlyList<string> Printed { get; } =
        [.. Block().Matches(File.ReadAllText(Shipped.Queries)).Select(block => block.Groups["query"].Value.Trim())];

    /// <summary>While no link moves, both forms answer the same.</summary>
    public static IEnumerable<(string Query, Expected Expected)> Of(string client, string server)
    {
        var (between, byServer, toExternals) = (
            TradeTruth.By(Trade.Edges.Where(edge => edge.Client.Name == client && edge.Server.Name == server), ["server_port"], TradeTruth.Bytes),
            TradeTruth.By(Trade.Edges.Where(edge => edge.Client.Name == client), ["server_name"], TradeTruth.Rate),
            TradeTruth.By(Trade.Edges.Where(edge => edge.Server.Namespace == "external"), ["client_name"], edge => TradeTruth.Grown(edge.ToServer)));
        Expected[] expected = [between, between, byServer, byServer, toExternals, toExternals];
        return Printed.Select(query => query
            .Replace("some-client", client, StringComparison.Ordinal).Replace("some-server", server, StringComparison.Ordinal)).Zip(expected);
    }

    [GeneratedRegex("""```promql\n(?<query>.*?)```""", RegexOptions.Singleline)]
    private static partial Regex Block();
}
