namespace Caretta.Node.Ledger;

/// <summary>What a starting agent finds.</summary>
/// <param name="Ledger">Null if there is none, or none that could be read.</param>
/// <param name="LedgerSetAside">There was one and it could not be read.</param>
/// <param name="CountedThisBoot">The marker in the run folder is of this boot.</param>
/// <param name="CountedLast">The tables it says were counted from last. Null where it does not say.</param>
public sealed record SurvivalFacts(
    LedgerIdentity? Ledger,
    bool LedgerSetAside,
    string NodeName,
    string BootId,
    PinnedTable Pinned,
    bool CountedThisBoot,
    Guid? CountedLast = null);
