using System.Globalization;

namespace Caretta.TestServers;

/// <summary>
/// A real VictoriaMetrics (Debian's package) on loopback, with the shipped scrape configuration, and its vmalert, which evaluates the shipped rules.
/// </summary>
public sealed class VictoriaMetricsServer : IAsyncDisposable
{
    public const string Executable = "/usr/bin/victoria-metrics";
    private const string RulesExecutable = "/usr/bin/vmalert";

    /// <summary>Not less: vmalert asks for, and stamps, whole seconds, and several values of one second are in no order.</summary>
    private const string RulesInterval = "1s";

    private readonly List<GuardedProgram> _programs = [];

    private VictoriaMetricsServer(Uri address) => Query = new PromQl("VictoriaMetrics", address);

    public PromQl Query { get; }

    public string Log => string.Join('\n', _programs.Select(program => program.ReadLog()));

    /// <exception cref="InvalidOperationException">It is not installed, or does not start; the message holds what it wrote.</exception>
    public static async Task<VictoriaMetricsServer> StartAsync(MonitoringSettings settings, CancellationToken cancel = default)
    {
        var address = Loopback();
        var server = new VictoriaMetricsServer(address);
        try
        {
            await server.StartServerAsync(settings, address, cancel);
            await server.StartRulesAsync(settings, address, cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs.AsEnumerable().Reverse())
        {
            await program.DisposeAsync();
        }
    }

    private static Uri Loopback() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.At("127.0.0.1")}"));

    private async Task StartServerAsync(MonitoringSettings settings, Uri address, CancellationToken cancel)
    {
        var shipped = ShippedMonitoring.Install(settings, "victoria-metrics.yml");
        _programs.Add(GuardedProgram.Start(
            shipped.Folder,
            Executable,
            $"-promscrape.config={shipped.PathOf("victoria-metrics.yml")}",
            $"-storageDataPath={shipped.PathOf("data")}",
            $"-httpListenAddr={address.Authority}",
            "-retentionPeriod=1d",
            "-search.latencyOffset=1ms", // so that a question about now is answered about now
            "-search.disableCache",
            "-dedup.minScrapeInterval=1ms")); // vmalert stamps whole seconds: a late evaluation may meet the next one in the same
        await _programs[^1].ReadyAsync(new Uri(address, "/health"), cancel);
    }

    private async Task StartRulesAsync(MonitoringSettings settings, Uri address, CancellationToken cancel)
    {
        var shipped = ShippedMonitoring.Install(settings, "victoria-metrics.yml");
        var rules = Loopback();
        _programs.Add(GuardedProgram.Start(
            shipped.Folder,
            RulesExecutable,
            [
                .. ShippedMonitoring.Rules.Select(file => $"-rule={shipped.PathOf(file)}"),
                $"-evaluationInterval={RulesInterval}",
                $"-datasource.url={address}",
                $"-remoteWrite.url={address}",
                $"-remoteRead.url={address}",
                "-remoteWrite.flushInterval=200ms",
                "-notifier.url=http://127.0.0.1:9", // nobody is to be told
                $"-httpListenAddr={rules.Authority}",
            ]));
        await _programs[^1].ReadyAsync(new Uri(rules, "/health"), cancel);
    }
}
