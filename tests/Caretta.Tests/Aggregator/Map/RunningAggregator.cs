using System.Net;
using Caretta.Aggregator.Hosting;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Map;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>The whole aggregator in this process, without TLS, with links an agent has reported.</summary>
internal sealed class RunningAggregator : IAsyncDisposable
{
    public static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);
    private readonly WebApplication _app;
    private readonly TempFolder _folder = new();

    private RunningAggregator(string[] settings) => _app = AggregatorHost.Build(
    [
        "--http-port=0", "--ingress-port=0", "--remote-port=0", $"--data-folder={_folder.Path}", "--security=Off", $"--map-refresh={Refresh}", .. settings,
    ]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Uri Http => new(_app.Urls.First());

    public Uri Ingress => new(_app.Urls.Last());

    public MapFeed Feed => _app.Services.GetRequiredService<MapFeed>();

    public HttpClient Client { get; private set; } = null!;

    public static async Task<RunningAggregator> StartAsync(params string[] settings)
    {
        var aggregator = new RunningAggregator(settings);
        await aggregator._app.StartAsync(Cancel);
        aggregator.Client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = aggregator.Http };
        return aggregator;
    }

    /// <summary>Until they are on its page, so that the next map has them.</summary>
    public async Task ReportAsync(params IReadOnlyCollection<Report> reports)
    {
        await using var agent = await AgentClient.OpenAsync(Ingress, Traffic.Source());
        await agent.ReportAsync(1, reports);
        var gauges = _app.Services.GetRequiredService<LinkGauges>();
        var expected = reports.Select(report => report.Link.Id).ToHashSet();
        await Eventually.TrueAsync(() => expected.IsSubsetOf(gauges.LookAtLinks().Select(link => link.Link.Id)));
    }

    public async Task<string> GetAsync(string path) => await Client.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);

    public async Task<double> MetricAsync(string name)
    {
        using var text = new MemoryStream();
        await _app.Services.GetRequiredService<CollectorRegistry>().CollectAndExportAsTextAsync(text, Cancel);
        return Page.Parse(System.Text.Encoding.UTF8.GetString(text.ToArray())).Value(name);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(Cancel);
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
