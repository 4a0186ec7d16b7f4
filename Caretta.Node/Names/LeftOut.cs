namespace Caretta.Node.Names;

/// <summary>Why a flow becomes no link.</summary>
public enum LeftOut
{
    /// <summary>It does not leave its network namespace.</summary>
    Loopback,

    /// <summary>The namespaces of its ends are excluded, or neither is included.</summary>
    Namespace,

    /// <summary>The names of its ends are excluded, or neither is included.</summary>
    Workload,

    /// <summary>Its remote address is in an excluded network, or in none of those included.</summary>
    Address,

    /// <summary>Its server port is excluded, or not included.</summary>
    Port,
}
