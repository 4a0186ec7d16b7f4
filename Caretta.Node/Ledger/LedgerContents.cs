using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Names;

namespace Caretta.Node.Ledger;

/// <summary>All that a store holds, as read at start.</summary>
public sealed record LedgerContents(
    LedgerIdentity Identity,
    IReadOnlyList<LedgerContents.FlowRow> Flows,
    IReadOnlyList<LedgerContents.LinkRow> Links,
    IReadOnlyList<SocketAccount> Carried)
{
    public IReadOnlyList<WaitRow> Waiting { get; init; } = [];

    /// <summary>In their order.</summary>
    public IReadOnlyList<LedgerEpoch> Epochs { get; init; } = [];

    public readonly record struct FlowRow(long Row, FlowKey Key, ulong BornNs, bool Leaving, LinkTotals Attributed);

    public readonly record struct WaitRow(long Row, LinkEnds Ends, long FirstNs, long LastNs, LinkTotals Totals);

    public sealed record LinkRow(long Row, NetworkLink Link, ulong Sequence, LinkTotals Totals, LinkLevels Levels);
}
