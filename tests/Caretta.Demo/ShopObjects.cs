using System.Globalization;
using Caretta.FakeCluster;

namespace Caretta.Demo;

/// <summary>The shop as an API server tells of it, and as namespaces of this machine.</summary>
internal static class ShopObjects
{
    public const string Node = "demo-node";

    public static SimulatedCluster Deploy(PodNetwork network)
    {
        var cluster = new SimulatedCluster();
        cluster.Put(Manifest.Node(Node, "192.0.2.1"));
        foreach (var workload in Shop.Workloads)
        {
            var owners = Owners(workload);
            cluster.Put(owners);
            for (var number = 0; number < workload.Pods; number++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{owners[^1].Name}-{number}");
                var pod = network.Add(name, workload);
                cluster.Put(Manifest.Pod(workload.Namespace, name, [$"{pod.Address}"], owners[^1], node: Node));
            }
        }

        network.AddOutside(Shop.Externals);
        return cluster;
    }

    /// <summary>The topmost first, the pods' own last.</summary>
    private static List<Manifest> Owners(Workload workload)
    {
        var (space, name) = (workload.Namespace, workload.Name);
        switch (workload.Kind)
        {
            case "Deployment":
                var deployment = Manifest.Deployment(space, name);
                return [deployment, Manifest.ReplicaSet(space, name + "-7c58", deployment)];
            case "CronJob":
                var schedule = Manifest.CronJob(space, name);
                return [schedule, Manifest.Job(space, name + "-2954", schedule)];
            case "StatefulSet": return [Manifest.StatefulSet(space, name)];
            case "DaemonSet": return [Manifest.DaemonSet(space, name)];
            default: throw new ArgumentException($"There is no kind {workload.Kind}.", nameof(workload));
        }
    }
}
