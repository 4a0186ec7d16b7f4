using Caretta.Messages;
using Caretta.Node.Names;

namespace Caretta.Tests.Node.Fakes;

/// <summary>Leaves out what a spec tells it to.</summary>
internal sealed class FakeFilter : ILinkFilter
{
    public Func<NetworkLink, LeftOutReason?> Reason { get; set; } = _ => null;

    public HashSet<ushort> Ports { get; } = [];

    public LeftOutReason? LeftOut(Address remote, ushort serverPort) => Ports.Contains(serverPort) ? LeftOutReason.Port : null;

    public LeftOutReason? LeftOut(NetworkLink link) => Reason(link);
}
