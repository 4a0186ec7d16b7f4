using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>What becomes of a flow's bytes.</summary>
public readonly record struct Naming
{
    /// <summary>The flow's counts wait in the kernel's table, for the poll after this one at most.</summary>
    public static readonly Naming InTable;

    /// <summary>They belong to this link; null if one of the others applies.</summary>
    public NetworkLink? Link { get; private init; }

    /// <summary>They wait in the ledger until these ends have a name, or it is settled that they get none.</summary>
    public LinkEnds? Waits { get; private init; }

    /// <summary>They become no link's, and this is why.</summary>
    public LeftOutReason? LeftOut { get; private init; }

    /// <summary>
    /// To be asked about instead of the flow from now on: when the pod is gone, less may be known of its flows. Null if nothing is gained by that.
    /// </summary>
    public LinkEnds? Ends { get; init; }

    public static Naming Of(NetworkLink link) => new() { Link = link };

    public static Naming WaitFor(in LinkEnds ends) => new() { Waits = ends };

    public static Naming LeaveOut(LeftOutReason reason) => new() { LeftOut = reason };
}
