using System.Text.Json.Nodes;

namespace Caretta.FakeCluster;

public sealed partial class Manifest
{
    /// <param name="addresses">InternalIPs; the name comes besides, as an address of type Hostname.</param>
    public static Manifest Node(string name, params IReadOnlyList<string> addresses) => New(ApiKind.Nodes, "", name, null, new JsonObject
    {
        ["spec"] = new JsonObject { ["podCIDR"] = "10.244.0.0/24" },
        ["status"] = new JsonObject
        {
            ["addresses"] = new JsonArray(
            [
                .. addresses.Select(address => new JsonObject { ["type"] = "InternalIP", ["address"] = address }),
                new JsonObject { ["type"] = "Hostname", ["address"] = name },
            ]),
            ["nodeInfo"] = new JsonObject { ["kubeletVersion"] = "v1.36.2", ["operatingSystem"] = "linux", ["architecture"] = "amd64" },
        },
    });

    /// <param name="clusterIps"><c>None</c> for a headless service, nothing for one that is only an external name.</param>
    /// <param name="ingress">IP addresses or host names of its load balancer.</param>
    public static Manifest Service(
        string @namespace,
        string name,
        IReadOnlyList<string>? clusterIps = null,
        IReadOnlyList<string>? ingress = null,
        IReadOnlyList<string>? externalIps = null)
    {
        var spec = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["protocol"] = "TCP", ["port"] = 80, ["targetPort"] = 8080 }) };
        if (clusterIps is { Count: > 0 })
        {
            spec["clusterIP"] = clusterIps[0];
            spec["clusterIPs"] = Strings(clusterIps);
        }

        spec["type"] = clusterIps is { Count: > 0 } ? ingress is null ? "ClusterIP" : "LoadBalancer" : "ExternalName";
        if (externalIps is not null)
        {
            spec["externalIPs"] = Strings(externalIps);
        }

        var balancer = new JsonObject();
        if (ingress is not null)
        {
            balancer["ingress"] = new JsonArray([.. ingress.Select(Ingress)]);
        }

        return New(ApiKind.Services, @namespace, name, null, new JsonObject
        {
            ["spec"] = spec,
            ["status"] = new JsonObject { ["loadBalancer"] = balancer },
        });
    }

    /// <param name="service">For the label; null: a slice without it.</param>
    /// <param name="endpoints">Each an address, and the pod behind it or null if nobody is named.</param>
    public static Manifest EndpointSlice(
        string @namespace, string name, string? service, params IReadOnlyList<(string Address, Manifest? Pod)> endpoints)
    {
        var slice = New(ApiKind.EndpointSlices, @namespace, name, null, new JsonObject
        {
            ["addressType"] = "IPv4",
            ["endpoints"] = new JsonArray([.. endpoints.Select(endpoint => Endpoint(endpoint.Address, endpoint.Pod))]),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "", ["protocol"] = "TCP", ["port"] = 8080 }),
        });
        return service is null ? slice : slice.With(json => json["metadata"]!["labels"]!["kubernetes.io/service-name"] = service);
    }

    private static JsonObject Endpoint(string address, Manifest? pod)
    {
        var endpoint = new JsonObject
        {
            ["addresses"] = Strings([address]),
            ["conditions"] = new JsonObject { ["ready"] = true, ["serving"] = true, ["terminating"] = false },
        };
        if (pod is not null)
        {
            endpoint["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = pod.Namespace, ["name"] = pod.Name, ["uid"] = pod.Uid };
        }

        return endpoint;
    }

    private static JsonObject Ingress(string address) =>
        System.Net.IPAddress.TryParse(address, out _) ? new() { ["ip"] = address, ["ipMode"] = "VIP" } : new() { ["hostname"] = address };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
