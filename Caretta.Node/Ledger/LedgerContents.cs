using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.Node.Ledger;

/// <summary>All that a store holds, as read at start.</summary>
public sealed record LedgerContents(
    LedgerIdentity Identity,
    IReadOnlyList<LedgerContents.FlowRow> Flows,
    IReadOnlyList<LedgerContents.LinkRow> Links,
    IReadOnlyList<SocketAccount> Carried)
{
    public readonly record struct FlowRow(long Row, FlowKey Key, ulong BornNs, bool Leaving, LinkTotals Attributed);

    public sealed record LinkRow(long Row, NetworkLink Link, ulong Sequence, LinkTotals Totals, LinkLevels Levels);
}
