using System.Text.Json.Nodes;

namespace Caretta.FakeCluster;

public sealed partial class Manifest
{
    public static Manifest Deployment(string @namespace, string name) => Controller(ApiKind.Deployments, @namespace, name);

    public static Manifest ReplicaSet(string @namespace, string name, Manifest? owner = null) => Controller(ApiKind.ReplicaSets, @namespace, name, owner);

    public static Manifest DaemonSet(string @namespace, string name) => Controller(ApiKind.DaemonSets, @namespace, name);

    public static Manifest StatefulSet(string @namespace, string name) => Controller(ApiKind.StatefulSets, @namespace, name);

    public static Manifest Job(string @namespace, string name, Manifest? owner = null) => Controller(ApiKind.Jobs, @namespace, name, owner);

    public static Manifest CronJob(string @namespace, string name) => Controller(ApiKind.CronJobs, @namespace, name);

    public static Manifest Controller(ApiKind kind, string @namespace, string name, Manifest? owner = null) =>
        New(kind, @namespace, name, owner, new JsonObject
        {
            ["spec"] = new JsonObject { ["replicas"] = 1, ["template"] = new JsonObject { ["spec"] = Noise.PodSpec() } },
            ["status"] = new JsonObject { ["observedGeneration"] = 1, ["replicas"] = 1 },
        });
}
