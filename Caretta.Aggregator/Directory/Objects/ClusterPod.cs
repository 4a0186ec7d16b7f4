using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Objects;

internal sealed record ClusterPod(Guid Uid, string Namespace, string Name, TimeSpan CreatedAt) : ClusterObject(Uid, Namespace, Name, CreatedAt)
{
    public override ObjectKind Kind => ObjectKind.Pod;

    public ControllerRef? Controller { get; init; }

    /// <summary>All of <c>status.podIPs</c>; those of a host-network pod are its node's and are not the pod's own.</summary>
    public IReadOnlyList<Address> Addresses { get; init; } = [];

    public bool HostNetwork { get; init; }

    /// <summary>
    /// When the last of its containers ended, by the directory's clock; null while it runs, or may run. It keeps its addresses in its status,
    /// but they may be another pod's by now.
    /// </summary>
    public TimeSpan? FinishedAt { get; init; }

    /// <summary>The uid the kubelet knows a static pod by (annotation <c>kubernetes.io/config.hash</c>): cgroups bear it. Null for others.</summary>
    public Guid? StaticUid { get; init; }
}
