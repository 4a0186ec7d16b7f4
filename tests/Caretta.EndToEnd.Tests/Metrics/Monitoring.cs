using Caretta.FakeCluster;
using Caretta.TestServers;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>Both servers side by side, scraping the same programs by the shipped configuration.</summary>
internal sealed class Monitoring : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-monitoring-ca-").FullName;
    private readonly TestAuthority _authority;
    private PrometheusServer? _prometheus;
    private VictoriaMetricsServer? _victoria;

    private Monitoring() => _authority = new TestAuthority(_folder);

    /// <summary>Minutes of samples are waited for, and a busy machine takes fewer of them. Only turns a hang into a failure.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(15);

    public IReadOnlyList<PromQl> Servers => [_prometheus!.Query, _victoria!.Query];

    public PromQl Prometheus => _prometheus!.Query;

    public PromQl VictoriaMetrics => _victoria!.Query;

    public string Logs => $"{_prometheus!.Log}\n{_victoria!.Log}";

    public static async Task<Monitoring> Start(IReadOnlyList<int> aggregators, IReadOnlyList<int> agents, string interval)
    {
        var monitoring = new Monitoring();
        var settings = new MonitoringSettings(Shipped.Metrics, monitoring._authority.CaFile, Addresses(aggregators), Addresses(agents), interval);
        try
        {
            monitoring._prometheus = await PrometheusServer.StartAsync(settings);
            monitoring._victoria = await VictoriaMetricsServer.StartAsync(settings);
            return monitoring;
        }
        catch
        {
            await monitoring.DisposeAsync();
            throw;
        }
    }

    /// <summary>Until the query's only value is this, at both.</summary>
    public async Task Shows(string query, double value)
    {
        foreach (var server in Servers)
        {
            var last = "nothing";
            await Eventually.True(
                async () =>
                {
                    var answer = await server.AskAsync(query);
                    last = string.Join(", ", answer.Select(series => series.Value));
                    return answer is [var only] && Near.Is(only.Value, value);
                },
                () => $"{query} = {value} at {server}, which says {last}\n{Logs}");
        }
    }

    /// <summary>Until the query's only value is at least this, at both.</summary>
    public async Task Reaches(string query, double value)
    {
        foreach (var server in Servers)
        {
            await Reaches(server, query, value);
        }
    }

    public Task Reaches(PromQl server, string query, double value) => Eventually.True(
        async () => await server.AskAsync(query) is [var only] && only.Value >= value, () => $"{query} ≥ {value} at {server}\n{Logs}", Patience);

    public async ValueTask DisposeAsync()
    {
        if (_victoria is not null)
        {
            await _victoria.DisposeAsync();
        }

        if (_prometheus is not null)
        {
            await _prometheus.DisposeAsync();
        }

        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static List<string> Addresses(IEnumerable<int> ports) => [.. ports.Select(port => $"127.0.0.1:{port}")];
}
