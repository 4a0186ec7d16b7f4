using System.Diagnostics;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>The rules by Prometheus' own tool.</summary>
public sealed class RuleSpecs
{
    [MonitoringFact]
    public async Task The_rules_are_ones() => await Promtool("check", "rules", "rules-links.yml", "rules-alerts.yml");

    /// <summary>k8s/chart/caretta/metrics/tests: moves, deaths, expiry, both ends, and each alert that fires and does not.</summary>
    [MonitoringFact]
    public async Task What_the_rules_make_of_simulated_time_is_right() =>
        await Promtool("test", "rules", "tests/rules-links.test.yml", "tests/rules-alerts.test.yml");

    private static async Task Promtool(params string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments) { WorkingDirectory = Shipped.Metrics, RedirectStandardOutput = true, RedirectStandardError = true };
        using var promtool = Process.Start(start)!;
        var (output, error) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, $"{await output}{await error}");
    }
}
