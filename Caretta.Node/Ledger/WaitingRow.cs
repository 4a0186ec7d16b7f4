using Caretta.Messages;
using Caretta.Node.Names;

namespace Caretta.Node.Ledger;

/// <summary>Bytes that are out of the kernel's table and in no link yet, because their ends have no name yet.</summary>
/// <param name="firstNs">When the first of them came, by this boot's monotonic clock; negative if that was before it.</param>
public sealed class WaitingRow(long row, in LinkEnds ends, long firstNs)
{
    private readonly LinkEnds _ends = ends;

    public long Row { get; } = row;

    public ref readonly LinkEnds Ends => ref _ends;

    /// <inheritdoc cref="WaitingRow(long, in LinkEnds, long)"/>
    public long FirstNs { get; } = firstNs;

    /// <summary>When the last of them came: the time they are named for.</summary>
    public long LastNs { get; internal set; } = firstNs;

    public LinkTotals Totals { get; internal set; }

    /// <summary>The store has a row of it.</summary>
    internal bool Stored { get; set; }

    internal bool Dirty { get; set; }

    /// <summary>It waits no more.</summary>
    internal bool Gone { get; set; }

    internal ulong Bytes => Totals.SentBytes + Totals.ReceivedBytes;
}
