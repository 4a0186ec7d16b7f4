using System.Runtime.CompilerServices;
using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Names;

namespace Caretta.Node.Ledger;

/// <summary>What the ledger knows of one flow of the kernel's table.</summary>
public sealed class LedgerFlow(long row, in FlowKey key, ulong bornNs)
{
    private readonly FlowKey _key = key;

    public long Row { get; } = row;

    public ref readonly FlowKey Key => ref _key;

    public ulong BornNs { get; } = bornNs;

    /// <summary>The flow's counts that are in some link's totals.</summary>
    public LinkTotals Attributed { get; internal set; }

    /// <summary>Its deletion from the kernel's table was begun: the row goes once the flow is seen no more.</summary>
    public bool Leaving { get; internal set; }

    /// <summary>The store has a row of it.</summary>
    internal bool Stored { get; set; }

    // What follows is this process's own and not stored.
    internal LedgerLink? Link { get; set; }

    /// <summary>Its ends, if they are worth remembering; <see cref="Naming.Ends"/>.</summary>
    internal StrongBox<LinkEnds>? Ends { get; set; } // boxed: most flows of a host by itself have none

    internal ulong NamesVersion { get; set; }

    internal bool Dirty { get; set; }

    /// <summary>To be taken over at its present counts when it is next seen.</summary>
    internal bool Adopting { get; set; }

    /// <summary>Poll in which it was last seen; 0 if not yet by this process.</summary>
    internal ulong SeenPoll { get; set; }

    internal ulong ChangedPoll { get; set; }

    /// <summary>First poll that saw it retiring; 0 if none did.</summary>
    internal ulong RetiringPoll { get; set; }

    internal bool Live { get; set; }

    /// <summary>All it showed in the latest poll is attributed.</summary>
    internal bool Held { get; set; }

    internal int PollsAbsent { get; set; }
}
