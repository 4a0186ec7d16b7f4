namespace Caretta.Aggregator.Directory.Externals;

/// <summary>
/// The next event: what questions have changed since the last one. It is decided upon the state as it is, so nothing else may change
/// that before the draft's own event does.
/// </summary>
internal sealed class GrantDraft(ExternalGrants grants, GrantSettings settings)
{
    /// <summary>An event stays well below what a journal takes; the last question may go beyond it by its own size.</summary>
    public const int MaxChanges = 20_000;

    private readonly Dictionary<ulong, Changes> _changes = [];
    private int _newWorkloads;
    private int _granted;

    /// <summary>Grants given, renewed and ended.</summary>
    public int Size { get; private set; }

    public int Expired { get; private set; }

    public bool IsFull => Size >= MaxChanges;

    /// <summary>What was decided must not be said before the journal has it.</summary>
    public bool MustBeWritten { get; private set; }

    /// <param name="at">Unix time in seconds.</param>
    /// <param name="mayExpire">Whether those nobody asked for may have to make room.</param>
    public GrantVerdict Decide(GrantPair pair, uint at, bool mayExpire)
    {
        var (local, external) = pair;
        var (row, changes) = (grants.Row(local), _changes.GetValueOrDefault(local));
        if (changes?.Granted.Contains(external) == true)
        {
            return GrantVerdict.Granted;
        }

        if (row?.RenewedAt(external) is { } renewed && changes?.Expired.Contains(external) != true)
        {
            Renew(pair, Age(renewed, at));
            return GrantVerdict.Granted;
        }

        if (Held(row, changes) >= settings.MaxPerWorkload && !(mayExpire && MakeRoom(local, row, at)))
        {
            return GrantVerdict.WorkloadFull;
        }

        return HasRoom(isNew: row is null && changes is null) ? Grant(pair, isNew: row is null && changes is null) : GrantVerdict.ClusterFull;
    }

    /// <summary>Ends grants nobody asked for, until none is left or the draft is full.</summary>
    public void ExpireIdle(uint at)
    {
        foreach (var (local, row) in grants.Rows)
        {
            if (IsFull)
            {
                return;
            }

            Expire(local, row, at);
        }
    }

    public GrantsAdvanced ToEvent(DateTimeOffset at) =>
        new(at, [.. _changes.Where(change => !change.Value.IsEmpty).Select(change => change.Value.Of(change.Key))]);

    /// <summary>A clock that was set back makes nothing old.</summary>
    private static TimeSpan Age(uint renewed, uint at) => TimeSpan.FromSeconds(at > renewed ? at - renewed : 0);

    private static int Held(GrantRow? row, Changes? changes) =>
        (row?.Count ?? 0) + (changes?.Granted.Count ?? 0) - (changes?.Expired.Count ?? 0);

    private bool HasRoom(bool isNew) =>
        grants.Count + _granted - Expired < settings.MaxGrants && (!isNew || grants.Workloads + _newWorkloads < settings.MaxWorkloads);

    private GrantVerdict Grant(GrantPair pair, bool isNew)
    {
        Of(pair.Local).Granted.Add(pair.External);
        _newWorkloads += isNew ? 1 : 0;
        _granted++;
        Size++;
        MustBeWritten = true;
        return GrantVerdict.Granted;
    }

    private void Renew(GrantPair pair, TimeSpan age)
    {
        if (age >= settings.RenewAfter && Of(pair.Local).Renewed.Add(pair.External))
        {
            Size++;
        }

        MustBeWritten |= age >= settings.RenewFirst;
    }

    private bool MakeRoom(ulong local, GrantRow? row, uint at)
    {
        if (row is not null && Of(local).SweptAt != at)
        {
            Expire(local, row, at);
            Of(local).SweptAt = at;
        }

        return Held(row, Of(local)) < settings.MaxPerWorkload;
    }

    private void Expire(ulong local, GrantRow row, uint at)
    {
        for (var i = 0; i < row.Count; i++)
        {
            var external = row.Externals[i];
            if (Age(row.Renewed[i], at) >= settings.Lifetime
                && !(_changes.GetValueOrDefault(local)?.Renewed.Contains(external) == true)
                && Of(local).Expired.Add(external))
            {
                Expired++;
                Size++;
            }
        }
    }

    private Changes Of(ulong local)
    {
        if (!_changes.TryGetValue(local, out var changes))
        {
            _changes.Add(local, changes = new Changes());
        }

        return changes;
    }

    private sealed class Changes
    {
        public HashSet<ulong> Granted { get; } = [];

        public HashSet<ulong> Renewed { get; } = [];

        public HashSet<ulong> Expired { get; } = [];

        /// <summary>By then all who could make room had; null: not looked yet. Unix time in seconds.</summary>
        public uint? SweptAt { get; set; }

        public bool IsEmpty => Granted.Count + Renewed.Count + Expired.Count == 0;

        public GrantAdvance Of(ulong local) => new(local, Granted, Renewed, Expired);
    }
}
