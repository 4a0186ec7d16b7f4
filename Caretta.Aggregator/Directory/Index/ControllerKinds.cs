using Caretta.Aggregator.Directory.Objects;

namespace Caretta.Aggregator.Directory.Index;

internal static class ControllerKinds
{
    /// <param name="kind">In Kubernetes' spelling.</param>
    /// <returns>Null if no controllers of that kind are watched. Another API group's kind of the same name is waited for in vain.</returns>
    public static ObjectKind? Watched(string kind) => kind switch
    {
        "ReplicaSet" => ObjectKind.ReplicaSet,
        "Deployment" => ObjectKind.Deployment,
        "DaemonSet" => ObjectKind.DaemonSet,
        "StatefulSet" => ObjectKind.StatefulSet,
        "Job" => ObjectKind.Job,
        "CronJob" => ObjectKind.CronJob,
        _ => null,
    };

    public static string Spelling(ObjectKind kind) => kind switch
    {
        ObjectKind.ReplicaSet => "ReplicaSet",
        ObjectKind.Deployment => "Deployment",
        ObjectKind.DaemonSet => "DaemonSet",
        ObjectKind.StatefulSet => "StatefulSet",
        ObjectKind.Job => "Job",
        ObjectKind.CronJob => "CronJob",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Controls nothing."),
    };

    /// <returns>Null if it is called by itself: a node's static pods are no workload of the node.</returns>
    public static ControllerRef? NamedAfter(ControllerRef? controller) => controller?.Kind == "Node" ? null : controller;
}
