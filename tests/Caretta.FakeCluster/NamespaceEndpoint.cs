using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Caretta.FakeCluster;

/// <summary>What members ask of their own namespace: its pods by label, and objects by their names.</summary>
internal static class NamespaceEndpoint
{
    /// <returns>Null: it is no question of a namespace.</returns>
    public static async Task<Answer?> AnswerAsync(HttpContext context, IObjectSource source, LeaseStore leases, NamedObjects objects)
    {
        return context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["api", "v1", "namespaces", var name, "pods"] => Pods(source, name, context.Request.Query["labelSelector"].ToString()),
            ["apis", "coordination.k8s.io", "v1", "namespaces", var name, "leases", .. var lease] =>
                leases.Serve(context.Request.Method, name, lease.FirstOrDefault() ?? "", await BodyAsync(context.Request)),
            [.., "namespaces", var name, "secrets" or "configmaps" or "statefulsets", var named] =>
                objects.Serve(context.Request.Method, $"{context.Request.Path.Value.Split('/')[^2]}/{name}/{named}", await BodyAsync(context.Request)),
            _ => null,
        };
    }

    private static async Task<JsonObject?> BodyAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        return await reader.ReadToEndAsync() is { Length: > 0 } text ? JsonNode.Parse(text)!.AsObject() : null;
    }

    /// <param name="selector">key=value,...</param>
    private static Answer Pods(IObjectSource source, string @namespace, string selector)
    {
        var list = JsonNode.Parse(source.List(ApiKind.Pods, null, null).Body.Span)!.AsObject();
        var wanted = selector.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(label => label.Split('=')).ToList();
        var pods = list["items"]!.AsArray().Where(pod => pod!["metadata"]!["namespace"]!.GetValue<string>() == @namespace
            && wanted.TrueForAll(label => pod["metadata"]!["labels"]?[label[0]]?.GetValue<string>() == label[1])).ToList();
        list["items"] = new JsonArray([.. pods.Select(pod => pod!.DeepClone())]);
        list["kind"] = "PodList";
        list["apiVersion"] = "v1";
        return new Answer(200, Encoding.UTF8.GetBytes(list.ToJsonString()));
    }
}
