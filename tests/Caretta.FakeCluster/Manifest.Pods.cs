using System.Text.Json.Nodes;

namespace Caretta.FakeCluster;

public sealed partial class Manifest
{
    /// <param name="ips">The first is <c>podIP</c>; none while it has no sandbox yet.</param>
    public static Manifest Pod(
        string @namespace,
        string name,
        IReadOnlyList<string>? ips = null,
        Manifest? owner = null,
        string phase = "Running",
        string node = "node-1",
        bool hostNetwork = false)
    {
        var spec = Noise.PodSpec();
        spec["nodeName"] = node;
        if (hostNetwork)
        {
            spec["hostNetwork"] = true;
        }

        var status = Noise.PodStatus();
        status["phase"] = phase;
        Addresses(status, ips ?? []);
        return New(ApiKind.Pods, @namespace, name, owner, new JsonObject { ["spec"] = spec, ["status"] = status });
    }

    /// <summary>As the kubelet mirrors a pod of its own configuration folder: uid and static uid differ, its owner is the node.</summary>
    /// <param name="configHash">32 hexadecimal digits; what the cgroups of its containers bear.</param>
    public static Manifest StaticPod(string @namespace, string name, string configHash, IReadOnlyList<string> ips, string node = "node-1") =>
        Pod(@namespace, name, ips, node: node, hostNetwork: true)
            .Annotated("kubernetes.io/config.hash", configHash)
            .Annotated("kubernetes.io/config.mirror", configHash)
            .Annotated("kubernetes.io/config.source", "file")
            .OwnedBy(Node(node));

    public Manifest WithIps(params IReadOnlyList<string> ips) => With(json => Addresses(json["status"]!.AsObject(), ips));

    /// <summary>All containers have ended; the addresses stay.</summary>
    /// <param name="finishedAt">Of each container; null if the status does not say, as after an eviction.</param>
    public Manifest Finished(string phase = "Succeeded", params IReadOnlyList<DateTimeOffset> finishedAt) => With(json =>
    {
        json["status"]!["phase"] = phase;
        json["status"]!["containerStatuses"] = new JsonArray([.. finishedAt.Select((time, number) => new JsonObject
        {
            ["name"] = $"c{number}",
            ["state"] = new JsonObject
            {
                ["terminated"] = new JsonObject { ["exitCode"] = 0, ["reason"] = "Completed", ["startedAt"] = Text(time), ["finishedAt"] = Text(time) },
            },
            ["ready"] = false,
            ["restartCount"] = 0,
        })]);
    });

    private static void Addresses(JsonObject status, IReadOnlyList<string> ips)
    {
        status.Remove("podIP");
        status.Remove("podIPs");
        if (ips.Count > 0)
        {
            status["podIP"] = ips[0];
            status["podIPs"] = new JsonArray([.. ips.Select(ip => new JsonObject { ["ip"] = ip })]);
        }
    }
}
