using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>What becomes no link.</summary>
public interface ILinkFilter
{
    /// <summary>What can be said without names, so that nobody is asked for names in vain. Null if nothing is against a link.</summary>
    LeftOutReason? LeftOut(Address remote, ushort serverPort);

    /// <summary>Null if it is to be a link.</summary>
    LeftOutReason? LeftOut(NetworkLink link);
}
