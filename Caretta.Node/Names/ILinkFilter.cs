using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>What becomes no link although it has a name.</summary>
public interface ILinkFilter
{
    /// <summary>Null if it is to be a link.</summary>
    LeftOutReason? LeftOut(NetworkLink link, Address remote);
}
