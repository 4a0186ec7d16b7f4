namespace Caretta.Aggregator.Directory.Watches.Manifests;

internal sealed record NodeManifest(ObjectMeta? Metadata, NodeManifest.NodeStatus? Status) : AnyManifest(Metadata)
{
    internal sealed record NodeStatus(IReadOnlyList<NodeAddress?>? Addresses);

    /// <param name="Type">InternalIP and ExternalIP are addresses, Hostname and the DNS names are not.</param>
    internal sealed record NodeAddress(string? Type, string? Address);
}
