namespace Caretta.Aggregator.Directory.Externals;

/// <summary>What the journal holds: which externals each workload may have links of its own with. Only events change it.</summary>
internal sealed class ExternalGrants
{
    private readonly Dictionary<ulong, GrantRow> _rows = [];

    public ExternalGrants()
    {
    }

    public ExternalGrants(GrantsSnapshot snapshot)
    {
        _rows = snapshot.Workloads.ToDictionary(workload => workload.Local, workload => new GrantRow(workload));
        Count = _rows.Values.Sum(row => row.Count);
    }

    /// <summary>Of all workloads.</summary>
    public int Count { get; private set; }

    public int Workloads => _rows.Count;

    public IEnumerable<KeyValuePair<ulong, GrantRow>> Rows => _rows;

    /// <returns>Null: the workload has no grant.</returns>
    public GrantRow? Row(ulong local) => _rows.GetValueOrDefault(local);

    public void Apply(GrantsAdvanced advanced)
    {
        var at = Seconds(advanced.At);
        foreach (var advance in advanced.Workloads)
        {
            Apply(advance, at);
        }
    }

    public GrantsSnapshot Snapshot() => new([.. _rows.Select(row => row.Value.Store(row.Key))]);

    /// <summary>Unix time in seconds: enough for hours, and half as large.</summary>
    public static uint Seconds(DateTimeOffset at) => (uint)Math.Clamp(at.ToUnixTimeSeconds(), 0, uint.MaxValue);

    private void Apply(GrantAdvance advance, uint at)
    {
        var row = _rows.GetValueOrDefault(advance.Local) ?? new GrantRow();
        Count -= row.Count;
        foreach (var external in advance.Expired)
        {
            row.Remove(external);
        }

        foreach (var external in advance.Granted.Concat(advance.Renewed))
        {
            row.Set(external, at);
        }

        Count += row.Count;
        if (row.Count > 0)
        {
            _rows[advance.Local] = row;
        }
        else
        {
            _rows.Remove(advance.Local);
        }
    }
}
