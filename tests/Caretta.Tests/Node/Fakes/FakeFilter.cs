using Caretta.Messages;
using Caretta.Node.Names;

namespace Caretta.Tests.Node.Fakes;

/// <summary>Leaves out what a spec tells it to.</summary>
internal sealed class FakeFilter : ILinkFilter
{
    public Func<NetworkLink, LeftOutReason?> Reason { get; set; } = _ => null;

    public LeftOutReason? LeftOut(NetworkLink link, Address remote) => Reason(link);
}
