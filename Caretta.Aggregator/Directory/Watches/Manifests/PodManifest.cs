namespace Caretta.Aggregator.Directory.Watches.Manifests;

internal sealed record PodManifest(ObjectMeta? Metadata, PodManifest.PodSpec? Spec, PodManifest.PodStatus? Status) : AnyManifest(Metadata)
{
    internal sealed record PodSpec(bool? HostNetwork);

    internal sealed record PodStatus(
        string? Phase, string? PodIP, IReadOnlyList<PodAddress?>? PodIPs, IReadOnlyList<ContainerStatus?>? ContainerStatuses);

    internal sealed record PodAddress(string? Ip);

    internal sealed record ContainerStatus(ContainerState? State);

    internal sealed record ContainerState(Termination? Terminated);

    internal sealed record Termination(DateTimeOffset? FinishedAt);
}
