using System.Globalization;

namespace Caretta.TestServers;

/// <summary>A real Prometheus (Debian's package) on loopback, with the shipped scrape configuration and rules.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    public const string Executable = "/usr/bin/prometheus";

    private readonly GuardedProgram _program;

    private PrometheusServer(GuardedProgram program, Uri address) => (_program, Query) = (program, new PromQl("Prometheus", address));

    public PromQl Query { get; }

    public string Log => _program.ReadLog();

    /// <exception cref="InvalidOperationException">It is not installed, or does not start; the message holds what it wrote.</exception>
    public static async Task<PrometheusServer> StartAsync(MonitoringSettings settings, CancellationToken cancel = default)
    {
        var shipped = ShippedMonitoring.Install(settings, "prometheus.yml");
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.At("127.0.0.1")}"));
        var server = new PrometheusServer(
            GuardedProgram.Start(
                shipped.Folder,
                Executable,
                $"--config.file={shipped.PathOf("prometheus.yml")}",
                $"--storage.tsdb.path={shipped.PathOf("data")}",
                $"--web.listen-address={address.Authority}"),
            address);
        try
        {
            await server._program.ReadyAsync(new Uri(address, "/-/ready"), cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
