namespace Caretta.Aggregator.Directory.Externals;

/// <summary>Between the events and grants.proto.</summary>
internal static class GrantsFormat
{
    public static Stored.GrantsAdvanced ToStored(this GrantsAdvanced advanced)
    {
        var stored = new Stored.GrantsAdvanced { AtMs = advanced.At.ToUnixTimeMilliseconds() };
        stored.Workloads.Add(advanced.Workloads.Select(ToStored));
        return stored;
    }

    public static GrantsAdvanced ToDomain(this Stored.GrantsAdvanced stored) =>
        new(DateTimeOffset.FromUnixTimeMilliseconds(stored.AtMs), [.. stored.Workloads.Select(ToDomain)]);

    public static Stored.Grants ToStored(this GrantsSnapshot snapshot)
    {
        var stored = new Stored.Grants();
        stored.Workloads.Add(snapshot.Workloads.Select(ToStored));
        return stored;
    }

    public static GrantsSnapshot ToDomain(this Stored.Grants stored) => new([.. stored.Workloads.Select(workload =>
        new WorkloadGrants(workload.Local, [.. workload.Externals], [.. workload.Renewed]))]);

    private static Stored.WorkloadAdvance ToStored(GrantAdvance advance) => new()
    {
        Local = advance.Local,
        Granted = { advance.Granted },
        Renewed = { advance.Renewed },
        Expired = { advance.Expired },
    };

    private static GrantAdvance ToDomain(Stored.WorkloadAdvance stored) => new(stored.Local, stored.Granted, stored.Renewed, stored.Expired);

    private static Stored.WorkloadGrants ToStored(WorkloadGrants workload) => new()
    {
        Local = workload.Local,
        Externals = { workload.Externals },
        Renewed = { workload.Renewed },
    };
}
