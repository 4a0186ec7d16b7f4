namespace Caretta.Aggregator.Directory.Externals;

/// <param name="MaxPerWorkload">Live grants of one workload.</param>
/// <param name="SnapshotEvery">Events.</param>
/// <param name="ExpireAfter">A grant lives for at least so long after it was last asked for, and for at most one and a half times that.</param>
internal sealed record GrantSettings(int MaxPerWorkload, int SnapshotEvery, TimeSpan ExpireAfter)
{
    /// <summary>Workloads with grants, in the whole cluster.</summary>
    public int MaxWorkloads { get; init; } = 100_000;

    /// <summary>In the whole cluster; 12 bytes each, and as many in a snapshot.</summary>
    public int MaxGrants { get; init; } = 2_000_000;

    /// <summary>The journal learns of a renewal with the next event, once the one it knows is so old.</summary>
    public TimeSpan RenewAfter => ExpireAfter / 4;

    /// <summary>Once the renewal that the journal knows is so old, the answer waits for the journal: the grant outlives a crash.</summary>
    public TimeSpan RenewFirst => ExpireAfter / 2;

    /// <summary>Since the renewal that the journal knows.</summary>
    public TimeSpan Lifetime => ExpireAfter * 3 / 2;
}
