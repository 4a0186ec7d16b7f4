using Caretta.Messages;

namespace Caretta.Node.Ledger;

/// <summary>The totals of one link of this source, since its incarnation began.</summary>
public sealed class LedgerLink(long row, NetworkLink link)
{
    public long Row { get; } = row;

    public NetworkLink Link { get; } = link;

    public LinkTotals Totals { get; internal set; }

    /// <summary>As last reported. Stored, so that a later process can say that they are gone.</summary>
    public LinkLevels Levels { get; internal set; }

    /// <summary>The poll in which totals or levels last changed.</summary>
    public ulong Sequence { get; internal set; }

    /// <summary>The store has a row of it.</summary>
    internal bool Stored { get; set; }

    internal bool Dirty { get; set; }

    /// <summary>The poll <see cref="NextLevels"/> are being added up in.</summary>
    internal ulong LevelsPoll { get; set; }

    internal LinkLevels NextLevels { get; set; }
}
