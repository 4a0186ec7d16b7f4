using Caretta.Node.Ledger;

namespace Caretta.Tests.Node.Ledger;

/// <summary>The table "what survived?": ledger, name, boot, pins, marker; and what follows from it.</summary>
public class SurvivalSpecs
{
    private static readonly Guid Ours = Guid.NewGuid();
    private static readonly Guid Foreign = Guid.NewGuid();

    private static readonly LedgerIdentity Ledger = new("node", Guid.NewGuid(), "this boot", Ours);
    private static readonly LedgerIdentity Detached = Ledger with { Detached = true };
    private static readonly LedgerIdentity Older = Ledger with { BootId = "an earlier boot" };

    private static readonly PinnedTable OurPins = new(Ours);
    private static readonly PinnedTable ForeignPins = new(Foreign);

    private static readonly bool[] Markers = [false, true];

    private static readonly SurvivalPlan GoOn = new(
        NewIncarnation: false, DropFlows: false, Adopt: false,
        FreshBoot: false, UseCarried: false, Replace: false, ProgramsWereOff: false, LossReason.None);

    public static TheoryData<string, SurvivalFacts, SurvivalPlan> Table => new()
    {
        // Nothing goes wrong.
        { "first start of all", Facts(null, PinnedTable.None), GoOn with { NewIncarnation = true, FreshBoot = true } },
        { "agent restarted", Facts(Ledger, OurPins, marker: true), GoOn },
        { "agent restarted, marker lost", Facts(Ledger, OurPins), GoOn },
        {
            "agent upgraded, other layout", Facts(Ledger, new PinnedTable(Ours, SameLayout: false), marker: true),
            GoOn with { Replace = true }
        },
        {
            "stopped cleanly", Facts(Detached, PinnedTable.None, marker: true),
            GoOn with { DropFlows = true, UseCarried = true, ProgramsWereOff = true }
        },
        {
            "stopped cleanly, marker lost", Facts(Detached, PinnedTable.None),
            GoOn with { DropFlows = true, UseCarried = true, ProgramsWereOff = true }
        },
        { "stopped cleanly but for the pins", Facts(Detached, OurPins, marker: true), GoOn with { ProgramsWereOff = true } },
        { "rebooted", Facts(Older, PinnedTable.None), GoOn with { DropFlows = true, FreshBoot = true, ProgramsWereOff = true } },
        {
            "stopped cleanly, then rebooted", Facts(Detached with { BootId = "an earlier boot" }, PinnedTable.None),
            GoOn with { DropFlows = true, FreshBoot = true, ProgramsWereOff = true }
        },
        { "our tables under another boot id", Facts(Older, OurPins), GoOn },

        // Pins lost.
        {
            "pins lost", Facts(Ledger, PinnedTable.None, marker: true),
            GoOn with { DropFlows = true, ProgramsWereOff = true, Loss = LossReason.TableLost }
        },
        {
            "pins and marker lost", Facts(Ledger, PinnedTable.None),
            GoOn with { DropFlows = true, ProgramsWereOff = true, Loss = LossReason.TableLost }
        },
        {
            "rebooted, counted since, pins lost", Facts(Older, PinnedTable.None, marker: true),
            GoOn with { DropFlows = true, ProgramsWereOff = true }
        },
        {
            "tables of somebody else", Facts(Ledger, ForeignPins, marker: true),
            GoOn with { DropFlows = true, Adopt = true, Loss = LossReason.ForeignTable }
        },
        {
            "tables of somebody else, after a reboot", Facts(Older, ForeignPins, marker: true),
            GoOn with { DropFlows = true, Adopt = true, Loss = LossReason.ForeignTable }
        },
        {
            "tables of somebody else, after a clean stop", Facts(Detached, ForeignPins),
            GoOn with { DropFlows = true, Adopt = true, Loss = LossReason.ForeignTable }
        },
        {
            "tables of somebody else, other layout", Facts(Ledger, new PinnedTable(Foreign, SameLayout: false)),
            GoOn with { DropFlows = true, Adopt = true, Replace = true, Loss = LossReason.ForeignTable }
        },

        // Ledger lost.
        {
            "ledger lost", Facts(null, OurPins, marker: true),
            GoOn with { NewIncarnation = true, Adopt = true, Loss = LossReason.LedgerLost }
        },
        { "ledger and marker lost", Facts(null, OurPins), GoOn with { NewIncarnation = true, Adopt = true, Loss = LossReason.LedgerLost } },
        {
            "ledger corrupt", Facts(null, OurPins, marker: true, setAside: true),
            GoOn with { NewIncarnation = true, Adopt = true, Loss = LossReason.LedgerLost }
        },
        {
            "ledger and pins lost", Facts(null, PinnedTable.None, marker: true),
            GoOn with { NewIncarnation = true, Loss = LossReason.LedgerLost }
        },
        {
            "ledger corrupt after a reboot", Facts(null, PinnedTable.None, setAside: true),
            GoOn with { NewIncarnation = true, FreshBoot = true, Loss = LossReason.LedgerLost }
        },

        // An earlier ledger put back.
        {
            "counted by another ledger since the clean stop", Facts(Detached, PinnedTable.None, marker: true, last: Foreign),
            GoOn with { DropFlows = true, ProgramsWereOff = true, Loss = LossReason.ForeignTable }
        },
        {
            "counted by another ledger since, and both killed", Facts(Ledger, PinnedTable.None, marker: true, last: Foreign),
            GoOn with { DropFlows = true, ProgramsWereOff = true, Loss = LossReason.ForeignTable }
        },
        {
            "counted by another ledger, in an earlier boot", Facts(Detached, PinnedTable.None, last: Foreign),
            GoOn with { DropFlows = true, UseCarried = true, ProgramsWereOff = true }
        },
        {
            "stopped cleanly, and nobody counted since", Facts(Detached, PinnedTable.None, marker: true, last: Ours),
            GoOn with { DropFlows = true, UseCarried = true, ProgramsWereOff = true }
        },

        // Another name.
        {
            "renamed", Facts(Renamed(Ledger), OurPins, marker: true),
            GoOn with { NewIncarnation = true, Adopt = true, Loss = LossReason.NodeRenamed }
        },
        {
            "renamed after a clean stop", Facts(Renamed(Detached), PinnedTable.None, marker: true),
            GoOn with { NewIncarnation = true, DropFlows = true, UseCarried = true, ProgramsWereOff = true, Loss = LossReason.NodeRenamed }
        },
        {
            "cloned to another host", Facts(Renamed(Older), PinnedTable.None),
            GoOn with { NewIncarnation = true, DropFlows = true, FreshBoot = true, ProgramsWereOff = true, Loss = LossReason.NodeRenamed }
        },
        {
            "cloned to another host that counts already", Facts(Renamed(Older), ForeignPins, marker: true),
            GoOn with { NewIncarnation = true, DropFlows = true, Adopt = true, Loss = LossReason.NodeRenamed }
        },
    };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void What_survived_decides_what_is_done(string what, SurvivalFacts facts, SurvivalPlan plan)
    {
        Assert.NotEmpty(what);
        Assert.Equal(plan, Survival.Decide(facts));
    }

    [Theory]
    [MemberData(nameof(Anything), DisableDiscoveryEnumeration = true)]
    public void In_no_case_is_anything_counted_twice(SurvivalFacts facts)
    {
        var plan = Survival.Decide(facts);
        var pinned = facts.Pinned.TableId is not null;
        var countedByUs = pinned && facts.Ledger?.TableId == facts.Pinned.TableId && !plan.NewIncarnation;
        Assert.True(!pinned || countedByUs || plan.Adopt,
            "Tables whose counts may be in somebody's totals are counted from where they are.");
        Assert.True(
            !plan.FreshBoot || (!pinned && !facts.CountedThisBoot && facts.Ledger?.BootId != facts.BootId),
            "A socket counts from zero only where nobody counted it.");
        Assert.True(
            !plan.UseCarried || (facts.Ledger is { Detached: true } && facts.Ledger.BootId == facts.BootId && !pinned),
            "Accounts are of this boot's sockets, as the last programs left them.");
        Assert.False(
            plan.UseCarried && facts.CountedThisBoot && facts.CountedLast == Foreign,
            "Accounts are older than what another ledger counted of the same sockets.");
        Assert.True(
            plan.DropFlows || facts.Ledger is null || facts.Ledger.TableId == facts.Pinned.TableId,
            "Rows of other tables say nothing of these.");
        Assert.False(plan.FreshBoot && plan.UseCarried);
    }

    public static TheoryData<SurvivalFacts> Anything => [..
        from ledger in new[] { null, Ledger, Detached, Older, Older with { Detached = true } }
        from named in ledger is null ? [ledger] : new[] { ledger, Renamed(ledger) }
        from pins in new[] { PinnedTable.None, OurPins, ForeignPins, new PinnedTable(Ours, SameLayout: false) }
        from marker in Markers
        from last in new Guid?[] { null, Ours, Foreign }
        select Facts(named, pins, marker, last: last)];

    private static LedgerIdentity Renamed(LedgerIdentity ledger) => ledger with { NodeName = "another node" };

    private static SurvivalFacts Facts(LedgerIdentity? ledger, PinnedTable pinned, bool marker = false, bool setAside = false, Guid? last = null) =>
        new(ledger, setAside, "node", "this boot", pinned, marker, last);
}
