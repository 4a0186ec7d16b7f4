using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.Node.Names;

/// <summary>One end of connections inside this host, by what the flows of both ends have in common.</summary>
/// <param name="Netns">Only where it matters: loopback addresses are another in each network namespace.</param>
internal readonly record struct LocalEnd(UInt128 Local, UInt128 Remote, uint Netns, ushort ServerPort, Role Role)
{
    public LocalEnd(in FlowKey flow)
        : this(flow.LocalIp, flow.RemoteIp, flow.IsLoopback ? flow.Netns : 0, flow.ServerPort, flow.Role)
    {
    }

    /// <summary>The same connections as their other end has them.</summary>
    public LocalEnd Other() => this with { Local = Remote, Remote = Local, Role = Role == Role.Client ? Role.Server : Role.Client };
}
