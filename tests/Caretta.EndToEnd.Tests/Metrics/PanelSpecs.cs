using Caretta.EndToEnd.Tests.Page;
using Caretta.EndToEnd.Tests.Programs;
using Caretta.TestServers;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>Every query of every panel, asked of real servers that scrape a real aggregator, answers the truth within one percent.</summary>
public sealed class PanelSpecs : IAsyncDisposable
{
    private const string Interval = "500ms";

    /// <summary>Prometheus extrapolates by up to one and a half intervals: so many samples keep that under one percent.</summary>
    private const int Samples = 250;

    /// <summary>Of them: what grows must still be within the five minutes of a rate when the last has come, however slowly a busy machine scrapes.</summary>
    private const int SamplesBefore = 200;

    private const int ManyReports = 150; // VictoriaMetrics takes a counter that is still small for one that began at 0

    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-panels-").FullName;
    private readonly int _http = FreePort.At("127.0.0.1");
    private readonly int _ingress = FreePort.At("127.0.0.1");

    [MonitoringFact]
    public async Task Every_panel_of_every_dashboard_and_every_documented_query_shows_the_truth()
    {
        await using var aggregator = await ProgramUnderTest.Start(
            "caretta-aggregator", _http, "--security=Off", $"--http-port={_http}", $"--ingress-port={_ingress}",
            $"--remote-port={FreePort.At("127.0.0.1")}", $"--data-folder={_folder}").Ready();
        await using var page = await AgentPage.Start(FreePort.At("127.0.0.1"));
        await using var agent = await ShopAgent.OpenAsync(new Uri($"http://127.0.0.1:{_ingress}"), "node-1", pollIntervalMs: 600_000);
        for (var report = 1UL; report <= ManyReports; report++)
        {
            await agent.ReportAsync(Trade.After(Trade.Before - ManyReports + report));
        }

        await using var monitoring = await Monitoring.Start([_http], [page.Port], Interval);
        await monitoring.Shows("sum(caretta:link_bytes:max)", Recorded(Trade.Before));
        await monitoring.Reaches("min(count_over_time(caretta:link_bytes:max[15m]))", 3);
        await monitoring.Reaches("min(count_over_time(caretta_aggregator_batches_received_total[15m]))", 3);
        await monitoring.Reaches("min(count_over_time(caretta_node_polls_total[15m]))", 3);
        await monitoring.Reaches(monitoring.Prometheus, "min(count_over_time(caretta:link_bytes:max[15m]))", SamplesBefore);
        await monitoring.Reaches(monitoring.Prometheus, "min(count_over_time(caretta:edge_bytes:rate5m[15m]))", SamplesBefore);
        await monitoring.Reaches(monitoring.Prometheus, "min(count_over_time(caretta_aggregator_batches_received_total[15m]))", SamplesBefore);
        var before = (await aggregator.Scrape())!;
        for (var round = 1UL; round <= Trade.Rounds; round++)
        {
            await agent.ReportAsync(Trade.After(Trade.Before + round));
        }

        page.Grow();
        await monitoring.Shows("sum(caretta:link_bytes:max)", Recorded(Trade.Before + Trade.Rounds));
        await monitoring.Reaches(monitoring.Prometheus, "min(count_over_time(caretta:link_bytes:max[15m]))", Samples);
        await monitoring.Reaches(monitoring.Prometheus, "min(count_over_time(caretta:edge_bytes:rate5m[15m]))", Samples);
        await monitoring.Reaches(monitoring.Prometheus, "min(count_over_time(caretta_aggregator_batches_received_total[15m]))", Samples);
        await monitoring.Reaches("sum(caretta:graph_edges:rate5m)", TradeTruth.All.Sum(TradeTruth.Rate) * 0.995); // the last link of the chain of rules
        var after = (await aggregator.Scrape())!;
        var at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;

        List<string> wrong = [];
        foreach (var server in monitoring.Servers)
        {
            wrong.AddRange(await Wrong(server, at, TradeTruth.Map(null), []));
            wrong.AddRange(await Wrong(server, at, TradeTruth.Map("payments"), new() { ["namespace"] = "payments" }));
            wrong.AddRange(await Wrong(server, at, TradeTruth.Top(), []));
            wrong.AddRange(await Wrong(server, at, TradeTruth.Workload("cart", null), Cart()));
            wrong.AddRange(await Wrong(server, at, TradeTruth.Workload("cart", "5432"), new(Cart()) { ["port"] = "5432" }));
            wrong.AddRange(await Wrong(server, at, HealthTruth.Of(before, after, at), []));
            foreach (var (query, expected) in DocumentedQueries.Of("cart", "orders-db"))
            {
                if (server == monitoring.VictoriaMetrics && query.StartsWith("sum by (server_name) (rate", StringComparison.Ordinal))
                {
                    continue; // divides by the time of which there are samples, which is less than five minutes here
                }

                wrong.AddRange(expected.Unlike(await server.AskAsync(query, at, step: "1s")).Select(fault => $"{server}: {query}: {fault}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Prepend($"{wrong.Count} wrong:")));
    }

    [Fact]
    public void Every_panel_has_its_truth()
    {
        var some = TradeTruth.Map(null).Keys.Concat(TradeTruth.Top().Keys).Concat(TradeTruth.Workload("cart", null).Keys);
        var empty = Scrape.Parse("caretta_aggregator_commit_seconds_bucket{le=\"+Inf\"} 1");
        Assert.Equal(Panel.All.Select(panel => panel.Key).Order(), some.Concat(HealthTruth.Of(empty, empty, 0).Keys).Order());
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static Dictionary<string, string> Cart() => new() { ["namespace"] = "shop", ["kind"] = "Deployment", ["workload"] = "cart" };

    private static async Task<List<string>> Wrong(PromQl server, double at, Dictionary<string, Expected> truth, Dictionary<string, string> variables)
    {
        List<string> wrong = [];
        foreach (var panel in Panel.All.Where(panel => truth.ContainsKey(panel.Key)))
        {
            var answer = await server.AskAsync(panel.With(variables), at);
            wrong.AddRange(truth[panel.Key].Unlike(answer).Select(fault => $"{server}: {panel.Key}: {fault}"));
        }

        return wrong;
    }

    /// <summary>Both directions as both ends hold them.</summary>
    private static double Recorded(ulong rounds) => Trade.After(rounds).Sum(link => (double)(link.Totals.SentBytes + link.Totals.ReceivedBytes));
}
