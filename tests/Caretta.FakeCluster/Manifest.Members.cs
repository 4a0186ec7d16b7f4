using System.Text.Json.Nodes;

namespace Caretta.FakeCluster;

public sealed partial class Manifest
{
    /// <summary>A pod of the aggregator's.</summary>
    public static Manifest Member(string @namespace, string name, string ip, bool ready = false) => Pod(@namespace, name, [ip]).With(json =>
    {
        json["metadata"]!["labels"] = new JsonObject { ["app.kubernetes.io/name"] = "caretta-aggregator" };
        json["status"]!["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready ? "True" : "False" });
    });
}
