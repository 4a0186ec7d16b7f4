namespace Caretta.Aggregator.Directory.Watches.Manifests;

internal sealed record ServiceManifest(ObjectMeta? Metadata, ServiceManifest.ServiceSpec? Spec, ServiceManifest.ServiceStatus? Status)
    : AnyManifest(Metadata)
{
    internal sealed record ServiceSpec(string? ClusterIP, IReadOnlyList<string?>? ClusterIPs, IReadOnlyList<string?>? ExternalIPs);

    internal sealed record ServiceStatus(Balancer? LoadBalancer);

    internal sealed record Balancer(IReadOnlyList<Ingress?>? Ingress);

    /// <param name="Ip">Null if the balancer is known by its host name.</param>
    internal sealed record Ingress(string? Ip);
}
