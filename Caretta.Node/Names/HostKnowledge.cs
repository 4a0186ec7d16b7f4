using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.Node.Names;

/// <summary>What the flows of this host say about each other.</summary>
internal sealed class HostKnowledge
{
    /// <summary>Addresses that are ours, because a socket of ours has them.</summary>
    public HashSet<UInt128> Addresses { get; } = [];

    /// <summary>Who holds an end; null where several do.</summary>
    public Dictionary<LocalEnd, Workload?> Owners { get; } = [];

    /// <summary>Flows whose other end must be ours and was not to be found, and the poll that looked first.</summary>
    public Dictionary<FlowKey, ulong> Unmatched { get; } = [];

    public void Clear()
    {
        Addresses.Clear();
        Owners.Clear();
        Unmatched.Clear();
    }
}
