using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Objects;

/// <param name="Addresses">Cluster IPs of both families, load balancers' and external IPs; none if it is headless.</param>
internal sealed record ClusterService(Guid Uid, string Namespace, string Name, TimeSpan CreatedAt, IReadOnlyList<Address> Addresses)
    : ClusterObject(Uid, Namespace, Name, CreatedAt)
{
    public override ObjectKind Kind => ObjectKind.Service;
}
