namespace Caretta.Aggregator.Directory.Watches.Manifests;

/// <param name="AddressType">IPv4, IPv6, or FQDN: then the addresses are names.</param>
internal sealed record EndpointSliceManifest(
    ObjectMeta? Metadata, string? AddressType, IReadOnlyList<EndpointSliceManifest.Endpoint?>? Endpoints) : AnyManifest(Metadata)
{
    internal sealed record Endpoint(IReadOnlyList<string?>? Addresses, Target? TargetRef);

    internal sealed record Target(string? Kind);
}
