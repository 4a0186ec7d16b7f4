namespace Caretta.Aggregator.Directory.Objects;

/// <summary>A replica set, deployment, daemon set, stateful set, job or cron job.</summary>
internal sealed record ClusterController(ObjectKind ControllerKind, Guid Uid, string Namespace, string Name, TimeSpan CreatedAt)
    : ClusterObject(Uid, Namespace, Name, CreatedAt)
{
    public override ObjectKind Kind => ControllerKind;

    public ControllerRef? Controller { get; init; }
}
