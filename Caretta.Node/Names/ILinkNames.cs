using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.Node.Names;

/// <summary>Which link a flow belongs to, by what is known at this poll.</summary>
public interface ILinkNames
{
    /// <summary>Counts up whenever an answer given earlier may be another one now; until then links may be kept.</summary>
    ulong Version { get; }

    /// <param name="changedNs">When the flow's counts last changed, by the monotonic clock: the name is that of this time.</param>
    Naming NameOf(in FlowKey flow, ulong changedNs);

    /// <summary>The same for bytes that wait; never <see cref="Naming.InTable"/>.</summary>
    /// <param name="changedNs">Negative if it was before this boot.</param>
    Naming NameOf(in LinkEnds ends, long changedNs);

    /// <summary>There is no room to wait in: the best name there is, at worst one that says that it is not known.</summary>
    NetworkLink Settle(in LinkEnds ends);
}
