using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.Node.Names;

/// <summary>Which link a flow belongs to, by what is known at this poll.</summary>
public interface ILinkNames
{
    /// <summary>Counts up whenever an answer given earlier may be another one now; until then answers may be kept.</summary>
    ulong Version { get; }

    /// <summary>Null while it is not known yet: the flow's counts wait in the kernel's table. Known at the latest in the poll after.</summary>
    NetworkLink? NameOf(in FlowKey flow);
}
