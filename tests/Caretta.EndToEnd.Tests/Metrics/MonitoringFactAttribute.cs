using System.Runtime.CompilerServices;
using Caretta.TestServers;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>A fact about what a real Prometheus and a real VictoriaMetrics answer.</summary>
public sealed class MonitoringFactAttribute : FactAttribute
{
    public MonitoringFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        : base(file, line) => Skip = Missing;

    /// <summary>Null when the specs can run; they must where privileged ones must.</summary>
    private static string? Missing { get; } =
        (File.Exists(PrometheusServer.Executable) && File.Exists(VictoriaMetricsServer.Executable))
        || Environment.GetEnvironmentVariable("CARETTA_REQUIRE_PRIVILEGED") == "1"
            ? null
            : "needs Debian's packages prometheus and victoria-metrics";
}
