using Caretta.Aggregator.Directory.Externals;

namespace Caretta.Tests.Aggregator.Directory.Externals;

/// <summary>The pure part of the grants with a journal of events, as the actor drives it.</summary>
internal sealed class GrantBook(GrantSettings settings)
{
    private readonly List<GrantsAdvanced> _journal = [];
    private GrantDraft? _draft;

    public GrantBook(int maxPerWorkload)
        : this(new GrantSettings(maxPerWorkload, SnapshotEvery: 500, TimeSpan.FromHours(24)))
    {
    }

    public GrantSettings Settings { get; set; } = settings;

    public ExternalGrants Grants { get; private set; } = new();

    public GrantDraft Draft => _draft ??= new GrantDraft(Grants, Settings);

    public DateTimeOffset Now { get; private set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public int Events => _journal.Count;

    /// <summary>Decides, and writes if the answer needs it.</summary>
    public GrantVerdict Ask(ulong local, ulong external)
    {
        var verdict = Decide(local, external);
        if (Draft.MustBeWritten)
        {
            Commit();
        }

        return verdict;
    }

    public GrantVerdict Decide(ulong local, ulong external) =>
        Draft.Decide(new GrantPair(local, external), ExternalGrants.Seconds(Now), mayExpire: true);

    public void Commit()
    {
        if (Draft.Size > 0)
        {
            _journal.Add(Draft.ToEvent(Now));
            Grants.Apply(_journal[^1]);
            _draft = null;
        }
    }

    public void Pass(double hours) => Now += TimeSpan.FromHours(hours);

    public void Sweep()
    {
        Draft.ExpireIdle(ExternalGrants.Seconds(Now));
        Commit();
    }

    /// <summary>What was not written is forgotten.</summary>
    public void Crash()
    {
        (_draft, Grants) = (null, new ExternalGrants());
        _journal.ForEach(Grants.Apply);
    }

    /// <summary>All there is, in an order of its own.</summary>
    public IEnumerable<(ulong Local, ulong External, uint Renewed)> All(ExternalGrants grants) =>
        from workload in grants.Snapshot().Workloads
        from grant in workload.Externals.Zip(workload.Renewed, (external, renewed) => (External: external, Renewed: renewed))
        orderby workload.Local, grant.External
        select (workload.Local, grant.External, grant.Renewed);
}
