namespace Caretta.Node.Ledger;

/// <summary>What a starting agent does.</summary>
/// <param name="NewIncarnation">Totals start from zero; links of an older one are dropped (their last report is the aggregator's).</param>
/// <param name="DropFlows">The flow rows are of tables that are gone.</param>
/// <param name="Adopt">What the tables show at the first read is taken over without being added to any link.</param>
/// <param name="FreshBoot">Nothing was counted in this boot: a socket met for the first time counts from zero.</param>
/// <param name="UseCarried">The accounts in the ledger are those of the sockets still open.</param>
/// <param name="Replace">The tables are of another layout: read them a last time, remove them, and begin again with what they carried.</param>
/// <param name="ProgramsWereOff">There was a time nobody counted in.</param>
public sealed record SurvivalPlan(
    bool NewIncarnation,
    bool DropFlows,
    bool Adopt,
    bool FreshBoot,
    bool UseCarried,
    bool Replace,
    bool ProgramsWereOff,
    LossReason Loss);
