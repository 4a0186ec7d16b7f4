namespace Caretta.Node.Ledger;

/// <summary>
/// What survived, and what follows from it. A table id is random and made with the tables, so tables with the ledger's id are the ledger's,
/// whatever the boot id says. Tables that are taken over get a new id: the ledger they were of may be put back one day, and must not count on.
/// </summary>
public static class Survival
{
    public static SurvivalPlan Decide(SurvivalFacts facts)
    {
        var ledger = facts.Ledger;
        var pinned = facts.Pinned.TableId is not null;
        var ours = pinned && ledger is not null && ledger.TableId == facts.Pinned.TableId;
        var sameBoot = ledger is not null && ledger.BootId == facts.BootId;
        var anothersCounted = facts.CountedThisBoot && facts.CountedLast is { } last && last != ledger?.TableId;
        var newIncarnation = ledger is null || ledger.NodeName != facts.NodeName;
        return new SurvivalPlan(
            NewIncarnation: newIncarnation,
            DropFlows: ledger is not null && !ours,
            Adopt: pinned && (!ours || newIncarnation),
            FreshBoot: !pinned && !sameBoot && !facts.CountedThisBoot,
            UseCarried: !pinned && sameBoot && ledger!.Detached && !anothersCounted,
            Replace: pinned && !facts.Pinned.SameLayout,
            ProgramsWereOff: ledger is not null && (!pinned || (ours && ledger.Detached)),
            Loss: Loss(facts, pinned, ours, sameBoot, anothersCounted));
    }

    private static LossReason Loss(SurvivalFacts facts, bool pinned, bool ours, bool sameBoot, bool anothersCounted) => facts.Ledger switch
    {
        null when facts.LedgerSetAside || pinned || facts.CountedThisBoot => LossReason.LedgerLost,
        null => LossReason.None,
        var ledger when ledger.NodeName != facts.NodeName => LossReason.NodeRenamed,
        _ when pinned && !ours => LossReason.ForeignTable,
        _ when !pinned && sameBoot && anothersCounted => LossReason.ForeignTable,
        var ledger when !pinned && sameBoot && !ledger.Detached => LossReason.TableLost,
        _ => LossReason.None,
    };
}
