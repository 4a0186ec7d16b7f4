using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>An agent's /metrics with values that a spec sets: losses of this kind do not happen on demand. Names and labels are those of docs/metrics.md.</summary>
internal sealed class AgentPage : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _growth;

    private AgentPage(int port)
    {
        Port = port;
        // Else it watches all below the folder the specs run in, and needs an inotify instance, of which others may have the last.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        _app.MapGet("/metrics", () => Results.Text(Write(), "text/plain; version=0.0.4"));
    }

    public static IReadOnlyDictionary<string, double> Gauges { get; } = new Dictionary<string, double>
    {
        ["caretta_node_aggregator_connected"] = 0,
        ["caretta_node_unacked_links"] = 17,
        ["caretta_node_flow_table_ratio"] = 0.25,
        ["caretta_node_unnamed_bytes"] = 4_321,
        ["caretta_node_certificate_expiry_seconds"] = 4_000_000_000,
    };

    /// <summary>What they grow by when <see cref="Grow"/> is called. A thousand times that was there before.</summary>
    public static IReadOnlyDictionary<string, double> Growth { get; } = new Dictionary<string, double>
    {
        ["caretta_node_lost_bytes_total"] = 700,
        ["caretta_node_loss_events_total{reason=\"ledger\"}"] = 3,
        ["caretta_node_adopted_bytes_total{reason=\"ledger\"}"] = 5_000,
        ["caretta_node_unobserved_bytes_total"] = 900,
        ["caretta_node_polls_total"] = 60,
        ["caretta_node_poll_duration_seconds_bucket{le=\"0.1\"}"] = 90,
        ["caretta_node_poll_duration_seconds_bucket{le=\"0.2\"}"] = 100,
        ["caretta_node_poll_duration_seconds_bucket{le=\"+Inf\"}"] = 100,
    };

    /// <summary>The 99th percentile of what grew: nine tenths of the way from 0.1 to 0.2.</summary>
    public const double PollSeconds = 0.19;

    public int Port { get; }

    public static async Task<AgentPage> Start(int port)
    {
        var page = new AgentPage(port);
        await page._app.StartAsync();
        return page;
    }

    public void Grow() => Interlocked.Increment(ref _growth);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private string Write()
    {
        var text = new StringBuilder();
        foreach (var (series, value) in Gauges.Concat(Growth.Select(one => KeyValuePair.Create(one.Key, one.Value * (1_000 + Interlocked.Read(ref _growth))))))
        {
            text.Append(CultureInfo.InvariantCulture, $"{series} {value}\n");
        }

        return text.ToString();
    }
}
