using System.Runtime.CompilerServices;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>docs/metrics.md says what both programs export: no more, no less.</summary>
public sealed class MetricsDocumentSpecs
{
    private const string TheLinks = "the link's";

    private static readonly string[] LinkLabels =
    [
        "client_id", "client_kind", "client_name", "client_namespace", "client_owner", "link_id", "role",
        "server_id", "server_kind", "server_name", "server_namespace", "server_owner", "server_port",
    ];

    [PrivilegedFact]
    public async Task Every_series_exported_is_documented_and_the_other_way_round()
    {
        await using var cluster = await OneCluster.New();
        await cluster.Start();
        using var open = cluster.Connect();
        open.SendToServer(1000);
        await cluster.Settles(("shop/Deployment/cart → external/external/10.77.0.2", 1000));

        var host = cluster.Host;
        var exported = (await host.Aggregator.Answer()).Families.Concat((await host.Node.Answer()).Families).Order().ToList();
        var documented = Documented().Order().ToList();

        Assert.Equal(exported, documented);
    }

    private static IEnumerable<string> Documented([CallerFilePath] string here = "") =>
        from line in File.ReadLines(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "metrics.md")))
        where line.StartsWith("| `caretta", StringComparison.Ordinal)
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        let labels = cells[3].Split(", ", StringSplitOptions.RemoveEmptyEntries).SelectMany(label => label == TheLinks ? LinkLabels : [label.Trim('`')])
        select Scrape.Family(cells[1].Trim('`'), cells[2], labels);
}
