namespace Caretta.Node.Ledger;

/// <summary>Why counts could not be attributed to a link. The numbers are stored.</summary>
public enum LossReason
{
    None = 0,

    /// <summary>No ledger, or none that could be read, although something was counted before.</summary>
    LedgerLost = 1,

    /// <summary>The kernel's tables are not those the ledger counted from.</summary>
    ForeignTable = 2,

    /// <summary>The kernel's tables went away in this boot without a clean detach; how much was in them is not known.</summary>
    TableLost = 3,

    /// <summary>The ledger is of a node with another name: the host was renamed or its disk cloned.</summary>
    NodeRenamed = 4,

    /// <summary>The aggregator holds more of this source than the ledger, or has retired it.</summary>
    IncarnationRefused = 5,
}
