namespace Caretta.Aggregator.Directory.Externals;

/// <summary>All grants at one sequence number.</summary>
internal sealed record GrantsSnapshot(IReadOnlyList<WorkloadGrants> Workloads);

/// <param name="Renewed">Unix time in seconds, one for each external.</param>
internal sealed record WorkloadGrants(ulong Local, ulong[] Externals, uint[] Renewed);
