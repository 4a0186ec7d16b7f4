namespace Caretta.FakeCluster;

/// <summary>A kind of object and where the API server has it.</summary>
/// <param name="Plural">As in paths and in messages: <c>pods</c>.</param>
/// <param name="Name">As in <c>kind</c>: <c>Pod</c>.</param>
/// <param name="Group">Empty for the core group.</param>
public sealed record ApiKind(string Plural, string Name, string Group)
{
    public static readonly ApiKind Pods = new("pods", "Pod", "");
    public static readonly ApiKind Nodes = new("nodes", "Node", "");
    public static readonly ApiKind Services = new("services", "Service", "");
    public static readonly ApiKind EndpointSlices = new("endpointslices", "EndpointSlice", "discovery.k8s.io");
    public static readonly ApiKind ReplicaSets = new("replicasets", "ReplicaSet", "apps");
    public static readonly ApiKind Deployments = new("deployments", "Deployment", "apps");
    public static readonly ApiKind DaemonSets = new("daemonsets", "DaemonSet", "apps");
    public static readonly ApiKind StatefulSets = new("statefulsets", "StatefulSet", "apps");
    public static readonly ApiKind Jobs = new("jobs", "Job", "batch");
    public static readonly ApiKind CronJobs = new("cronjobs", "CronJob", "batch");

    public static IReadOnlyList<ApiKind> All { get; } =
        [Pods, Nodes, Services, EndpointSlices, ReplicaSets, Deployments, DaemonSets, StatefulSets, Jobs, CronJobs];

    public string ApiVersion => Group.Length == 0 ? "v1" : $"{Group}/v1";

    /// <summary>Of the list over all namespaces.</summary>
    public string Path => Group.Length == 0 ? $"/api/v1/{Plural}" : $"/apis/{Group}/v1/{Plural}";

    public bool Namespaced => Plural != "nodes";

    public override string ToString() => Plural;
}
