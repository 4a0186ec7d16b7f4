using Prometheus;

namespace Caretta.Node.Security;

/// <summary>How the agent's certificate and the files around it stand.</summary>
internal sealed class SecurityMetrics(IMetricFactory metrics)
{
    private static readonly string[] Files = [NodeCredentials.Authority, NodeCredentials.Certificate];

    public Gauge Expiry { get; } = metrics.CreateGauge(
        "caretta_node_certificate_expiry_seconds", "When the agent's certificate ends, in Unix time. 0 without one.");

    public Counter Reloads { get; } = From(metrics.CreateCounter("caretta_node_reloads_total", "Changed files taken over.", ["file"]));

    public Counter ReloadFailures { get; } = From(metrics.CreateCounter(
        "caretta_node_reload_failures_total", "Changed files that could not be used. The old content stays in use.", ["file"]));

    /// <summary>From zero on, so that the first one is an increase.</summary>
    private static Counter From(Counter counter)
    {
        foreach (var file in Files)
        {
            counter.WithLabels(file);
        }

        return counter;
    }
}
