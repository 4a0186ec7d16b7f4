using Caretta.Node.Kernel;

namespace Caretta.Tests.Node.Fakes;

/// <summary>A connection of the host: what its application has sent, whoever watches.</summary>
internal sealed class FakeSocket(ulong cookie, FlowKey key)
{
    public ulong Cookie { get; } = cookie;

    public FlowKey Key { get; } = key;

    public ulong Sent { get; set; }
}
