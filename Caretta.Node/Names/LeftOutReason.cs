namespace Caretta.Node.Names;

/// <summary>Why bytes become no link's. A label value of <c>caretta_node_left_out_bytes_total</c>.</summary>
public enum LeftOutReason
{
    /// <summary>Within one host or one pod.</summary>
    Loopback,
    Namespace,
    Workload,
    Network,
    Port,
}
