namespace Caretta.Aggregator.Directory.Externals;

internal enum GrantVerdict
{
    Granted,

    /// <summary>The workload has all the externals it may.</summary>
    WorkloadFull,

    /// <summary>The cluster has all the workloads or grants it may.</summary>
    ClusterFull,
}
