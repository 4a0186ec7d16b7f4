namespace Caretta.Aggregator.Directory.Objects;

/// <summary>What is watched. Each has its own list and its own watch, and may be forbidden without the others being so.</summary>
internal enum ObjectKind
{
    Pod,
    Node,
    Service,
    EndpointSlice,
    ReplicaSet,
    Deployment,
    DaemonSet,
    StatefulSet,
    Job,
    CronJob,
}
