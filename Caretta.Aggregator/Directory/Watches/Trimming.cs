using Caretta.Aggregator.Directory.Objects;
using Caretta.Aggregator.Directory.Watches.Manifests;

namespace Caretta.Aggregator.Directory.Watches;

/// <summary>From an object of the API server to what is kept of it.</summary>
internal static class Trimming
{
    private const string ServiceLabel = "kubernetes.io/service-name";
    private const string ConfigHash = "kubernetes.io/config.hash";
    private const string ConfigMirror = "kubernetes.io/config.mirror";

    public static Trimmed Pod(PodManifest pod, ObjectTimes times) => Identified(pod, times, (meta, uid, created) =>
    {
        var addresses = new AddressList();
        addresses.AddRange(pod.Status?.PodIPs is { Count: > 0 } all ? all.Select(one => one?.Ip) : [pod.Status?.PodIP]);
        return new Trimmed(
            new ClusterPod(uid, meta.Namespace ?? "", meta.Name!, created)
            {
                Controller = Controller(meta),
                Addresses = addresses.Addresses,
                HostNetwork = pod.Spec?.HostNetwork ?? false,
                FinishedAt = FinishedAt(pod.Status, times),
                StaticUid = StaticUid(meta, uid),
            },
            addresses.Flaw);
    });

    public static Trimmed Node(NodeManifest node, ObjectTimes times) => Identified(node, times, (meta, uid, created) =>
    {
        var addresses = new AddressList();
        addresses.AddRange(node.Status?.Addresses?.Where(one => one?.Type is "InternalIP" or "ExternalIP").Select(one => one!.Address));
        return new Trimmed(new ClusterNode(uid, meta.Name!, created, addresses.Addresses), addresses.Flaw);
    });

    public static Trimmed Service(ServiceManifest service, ObjectTimes times) => Identified(service, times, (meta, uid, created) =>
    {
        var addresses = new AddressList();
        if (service.Spec?.ClusterIP != "None")
        {
            addresses.AddRange(service.Spec?.ClusterIPs is { Count: > 0 } all ? all : [service.Spec?.ClusterIP]);
            addresses.AddRange(service.Status?.LoadBalancer?.Ingress?.Select(one => one?.Ip));
            addresses.AddRange(service.Spec?.ExternalIPs);
        }

        return new Trimmed(new ClusterService(uid, meta.Namespace ?? "", meta.Name!, created, addresses.Addresses), addresses.Flaw);
    });

    public static Trimmed EndpointSlice(EndpointSliceManifest slice, ObjectTimes times) => Identified(slice, times, (meta, uid, created) =>
    {
        var addresses = new AddressList();
        if (slice.AddressType != "FQDN")
        {
            addresses.AddRange(slice.Endpoints?.Where(one => one?.TargetRef is null).SelectMany(one => one?.Addresses ?? []));
        }

        var service = meta.Labels?.GetValueOrDefault(ServiceLabel) ?? "";
        return new Trimmed(
            new ClusterEndpoints(uid, meta.Namespace ?? "", meta.Name!, created, service, addresses.Addresses), addresses.Flaw);
    });

    public static Trimmed Controller(ObjectKind kind, AnyManifest controller, ObjectTimes times) => Identified(
        controller,
        times,
        (meta, uid, created) => new Trimmed(
            new ClusterController(kind, uid, meta.Namespace ?? "", meta.Name!, created) { Controller = Controller(meta) }, null));

    private static Trimmed Identified(AnyManifest manifest, ObjectTimes times, Func<ObjectMeta, Guid, TimeSpan, Trimmed> trim) =>
        manifest.Metadata is not { Name.Length: > 0 } meta ? new Trimmed(null, "it has no name")
        : !Guid.TryParse(meta.Uid, out var uid) ? new Trimmed(null, $"'{meta.Uid}' is no uid")
        : trim(meta, uid, meta.CreationTimestamp is { } created ? times.Of(created) : times.Now);

    private static ControllerRef? Controller(ObjectMeta meta) =>
        meta.OwnerReferences?.FirstOrDefault(one => one?.Controller == true) is { Kind: { } kind, Name: { } name } owner
        && Guid.TryParse(owner.Uid, out var uid)
            ? new ControllerRef(kind, name, uid)
            : null;

    private static TimeSpan? FinishedAt(PodManifest.PodStatus? status, ObjectTimes times)
    {
        if (status?.Phase is not ("Succeeded" or "Failed"))
        {
            return null;
        }

        var last = status.ContainerStatuses?.Max(one => one?.State?.Terminated?.FinishedAt);
        return last is { } finished ? times.Of(finished) : times.Now;
    }

    private static Guid? StaticUid(ObjectMeta meta, Guid uid)
    {
        var hash = meta.Annotations?.GetValueOrDefault(ConfigHash) ?? meta.Annotations?.GetValueOrDefault(ConfigMirror);
        return Guid.TryParseExact(hash, "N", out var known) && known != uid ? known : null;
    }
}
