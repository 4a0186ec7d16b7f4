using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Objects;

/// <param name="Addresses">Those of <c>status.addresses</c> that are IP addresses.</param>
internal sealed record ClusterNode(Guid Uid, string Name, TimeSpan CreatedAt, IReadOnlyList<Address> Addresses)
    : ClusterObject(Uid, "", Name, CreatedAt)
{
    public override ObjectKind Kind => ObjectKind.Node;
}
