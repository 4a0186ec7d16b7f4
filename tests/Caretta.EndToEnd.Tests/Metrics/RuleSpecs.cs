using System.Diagnostics;
using Caretta.FakeCluster;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>The rules by Prometheus' own tool.</summary>
public sealed class RuleSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-rules-").FullName;

    [MonitoringFact]
    public async Task The_rules_are_ones() => await Promtool("check", "rules", "rules-links.yml", "rules-alerts.yml");

    /// <summary>k8s/chart/caretta/metrics/tests: moves, deaths, expiry, both ends, and each alert that fires and does not.</summary>
    [MonitoringFact]
    public async Task What_the_rules_make_of_simulated_time_is_right() =>
        await Promtool("test", "rules", "tests/rules-links.test.yml", "tests/rules-alerts.test.yml");

    [MonitoringFact]
    public async Task VictoriaMetrics_takes_the_configuration_for_clusters()
    {
        using var authority = new TestAuthority(_folder);
        var shipped = await File.ReadAllTextAsync(Path.Combine(Shipped.Metrics, "victoria-metrics-kubernetes.yml"));
        var file = Path.Combine(_folder, "scrape.yml");
        await File.WriteAllTextAsync(file, shipped.Replace("/etc/caretta/tls/ca.crt", authority.CaFile, StringComparison.Ordinal));
        await Run("victoria-metrics", "-promscrape.config.dryRun", $"-promscrape.config={file}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task Promtool(params string[] arguments) => Run("promtool", arguments);

    private static async Task Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Shipped.Metrics, RedirectStandardOutput = true, RedirectStandardError = true };
        using var checking = Process.Start(start)!;
        var (output, error) = (checking.StandardOutput.ReadToEndAsync(), checking.StandardError.ReadToEndAsync());
        await checking.WaitForExitAsync();
        Assert.True(checking.ExitCode == 0, $"{await output}{await error}");
    }
}
