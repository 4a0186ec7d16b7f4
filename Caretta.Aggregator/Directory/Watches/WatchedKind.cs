using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Aggregator.Directory.Watches.Manifests;

namespace Caretta.Aggregator.Directory.Watches;

/// <summary>Where the API server has a kind, and how its objects are read.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Resource">As in paths and in RBAC rules: <c>pods</c>.</param>
internal sealed record WatchedKind(ObjectKind Kind, string Group, string Resource, WatchedKind.Reader Read)
{
    /// <param name="json">An object of the kind.</param>
    /// <exception cref="JsonException">It is not of the form that is known.</exception>
    internal delegate Trimmed Reader(ReadOnlySpan<byte> json, ObjectTimes times);

    public static IReadOnlyList<WatchedKind> All { get; } =
    [
        new(ObjectKind.Pod, "", "pods", (json, times) => Trimming.Pod(As(json, ManifestContext.Default.PodManifest), times)),
        new(ObjectKind.Node, "", "nodes", (json, times) => Trimming.Node(As(json, ManifestContext.Default.NodeManifest), times)),
        new(ObjectKind.Service, "", "services", (json, times) => Trimming.Service(As(json, ManifestContext.Default.ServiceManifest), times)),
        new(
            ObjectKind.EndpointSlice,
            "discovery.k8s.io",
            "endpointslices",
            (json, times) => Trimming.EndpointSlice(As(json, ManifestContext.Default.EndpointSliceManifest), times)),
        Controller(ObjectKind.ReplicaSet, "apps", "replicasets"),
        Controller(ObjectKind.Deployment, "apps", "deployments"),
        Controller(ObjectKind.DaemonSet, "apps", "daemonsets"),
        Controller(ObjectKind.StatefulSet, "apps", "statefulsets"),
        Controller(ObjectKind.Job, "batch", "jobs"),
        Controller(ObjectKind.CronJob, "batch", "cronjobs"),
    ];

    /// <summary>The rule a ClusterRole needs for it.</summary>
    public string Rule => $"apiGroups: [\"{Group}\"], resources: [\"{Resource}\"], verbs: [\"list\", \"watch\"]";

    private string Path => Group.Length == 0 ? $"api/v1/{Resource}" : $"apis/{Group}/v1/{Resource}";

    /// <param name="continueToken">Null for the first page.</param>
    public string ListPath(int limit, string? continueToken) =>
        string.Create(CultureInfo.InvariantCulture, $"{Path}?limit={limit}")
        + (continueToken is null ? "" : $"&continue={Uri.EscapeDataString(continueToken)}");

    public string WatchPath(string version, int timeoutSeconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Path}?watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(version)}&timeoutSeconds={timeoutSeconds}");

    private static WatchedKind Controller(ObjectKind kind, string group, string resource) =>
        new(kind, group, resource, (json, times) => Trimming.Controller(kind, As(json, ManifestContext.Default.AnyManifest), times));

    private static T As<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class => JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null is no object.");
}
