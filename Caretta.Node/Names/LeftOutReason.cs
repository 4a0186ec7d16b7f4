namespace Caretta.Node.Names;

/// <summary>Why bytes become no link's. A label value of <c>caretta_node_left_out_bytes_total</c>.</summary>
public enum LeftOutReason
{
    /// <summary>It does not leave its network namespace.</summary>
    Loopback,

    /// <summary>The namespaces of its ends are excluded, or neither is included.</summary>
    Namespace,

    /// <summary>The names of its ends are excluded, or neither is included.</summary>
    Workload,

    /// <summary>Its remote address is in an excluded network, or in none of those included.</summary>
    Network,

    /// <summary>Its server port is excluded, or not included.</summary>
    Port,
}
