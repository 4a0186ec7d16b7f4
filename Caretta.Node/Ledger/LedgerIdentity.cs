namespace Caretta.Node.Ledger;

/// <summary>Whose totals these are and which kernel tables they were counted from.</summary>
/// <param name="Incarnation">128 random bits, compared only for equality; new whenever all totals restart from zero.</param>
/// <param name="BootId">The boot the flow rows are of; empty until something was counted.</param>
/// <param name="TableId">The kernel tables the flow rows are of.</param>
/// <param name="Sequence">The last poll in which a link changed.</param>
public sealed record LedgerIdentity(string NodeName, Guid Incarnation, string BootId, Guid TableId, ulong Sequence = 0)
{
    /// <summary>The programs were detached cleanly and the accounts of the open sockets are in the ledger.</summary>
    public bool Detached { get; init; }

    /// <summary>
    /// Flows born up to this moment (monotonic clock) that have no row are taken over at their present counts instead of being counted
    /// from zero; <see cref="ulong.MaxValue"/> until a whole read has shown what there is, 0 if there is nothing to take over.
    /// </summary>
    public ulong AdoptBornUntilNs { get; init; }

    public LossReason AdoptReason { get; init; }

    public DateTimeOffset LastPoll { get; init; }
}
