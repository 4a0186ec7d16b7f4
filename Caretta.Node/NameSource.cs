namespace Caretta.Node;

/// <summary>Where names come from.</summary>
public enum NameSource
{
    /// <summary>Processes, systemd units and containers of this host.</summary>
    Host,

    /// <summary>The workloads of a Kubernetes cluster, which the aggregator's directory knows.</summary>
    Cluster,
}
