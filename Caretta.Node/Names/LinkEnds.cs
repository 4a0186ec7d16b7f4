using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>What a link's name depends on: both ends of a flow as the directory can be asked about them. Bytes that wait for a name wait under it.</summary>
/// <param name="LocalPod">The pod whose cgroup the local end is in; empty where none was found.</param>
/// <param name="LocalIsNode">The local end is in the host's own network namespace and in no pod: it is this node's.</param>
/// <param name="Local">Names the local end where the two before do not.</param>
public readonly record struct LinkEnds(Guid LocalPod, bool LocalIsNode, Address Local, Address Remote, ushort ServerPort, Role Role)
{
    /// <summary>Does not leave its network namespace: <see cref="LeftOutReason.Loopback"/>. What a proxy redirects to itself has one such address.</summary>
    public bool IsLoopback => Remote.IsLoopback || Local.IsLoopback || Local == Remote;
}
