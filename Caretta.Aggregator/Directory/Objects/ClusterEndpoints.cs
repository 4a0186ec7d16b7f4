using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Objects;

/// <summary>An endpoint slice. Only what no pod stands behind is of interest: addresses that somebody wrote down for a service without a selector.</summary>
/// <param name="Service">Of the label <c>kubernetes.io/service-name</c>; empty if it has none.</param>
/// <param name="Addresses">Of endpoints without <c>targetRef</c>.</param>
internal sealed record ClusterEndpoints(
    Guid Uid, string Namespace, string Name, TimeSpan CreatedAt, string Service, IReadOnlyList<Address> Addresses)
    : ClusterObject(Uid, Namespace, Name, CreatedAt)
{
    public override ObjectKind Kind => ObjectKind.EndpointSlice;
}
