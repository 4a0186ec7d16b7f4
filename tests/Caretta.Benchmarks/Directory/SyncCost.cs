using System.Diagnostics;
using System.Globalization;
using System.Text;
using Caretta.Benchmarks.Memory;
using Caretta.FakeCluster;

namespace Caretta.Benchmarks.Directory;

/// <summary>How long the real program takes to list a large cluster, from its first request until all ten kinds are watched.</summary>
internal static class SyncCost
{
    private const int Rounds = 3;
    private const int Pods = 150_000;
    private const int Services = 10_000;

    public static string Measure() => MeasureAsync().GetAwaiter().GetResult();

    private static async Task<string> MeasureAsync()
    {
        await using var api = await FakeApiServer.StartAsync(Cluster());
        var (seconds, memory) = (new Samples(), new Samples());
        for (var round = 0; round <= Rounds; round++)
        {
            var folder = System.IO.Directory.CreateTempSubdirectory("caretta-bench-").FullName;
            try
            {
                var (synced, megabytes) = await SyncAsync(api, folder);
                if (round > 0) // the first one warms up this process
                {
                    seconds.Add(synced);
                    memory.Add(megabytes);
                }
            }
            finally
            {
                System.IO.Directory.Delete(folder, recursive: true);
            }
        }

        return new StringBuilder()
            .AppendLine("| pods | services | first request until all is listed and watched | aggregator's RSS then |")
            .AppendLine("| --- | --- | --- | --- |")
            .AppendLine(CultureInfo.InvariantCulture, $"| {Pods:N0} | {Services:N0} | {seconds.Median:F1} s | {memory.Median:F0} MB |")
            .ToString();
    }

    private static async Task<(double Seconds, double Megabytes)> SyncAsync(FakeApiServer api, string folder)
    {
        var lists = api.Requests.Lists(ApiKind.Pods).Count;
        var http = StartedProgram.FreePort();
        using var aggregator = new StartedProgram(
            ("Caretta.Aggregator", "caretta-aggregator"), http, cgroup: null,
            $"--Caretta:Aggregator:DataFolder={folder}", $"--Caretta:Aggregator:HttpPort={http}", "--Caretta:Aggregator:IngressPort=0",
            "--Caretta:Aggregator:RemotePort=0", "--Caretta:Aggregator:Security=Off", "--Caretta:Aggregator:Kubernetes=ApiServer", $"--Caretta:Aggregator:ApiServer={api.Address}");
        await api.Requests.ListsReach(ApiKind.Pods, lists + 1);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(ApiKind.All.Select(kind => api.WatchesOpen(kind)));
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, aggregator.ResidentBytes / 1e6);
    }

    private static SimulatedCluster Cluster()
    {
        var cluster = AgentsCost.Cluster(Pods);
        for (var number = 0; number < Services; number++)
        {
            cluster.Put(Manifest.Service("shop", $"service-{number}", [$"172.16.{number >> 8}.{number & 255}"]));
        }

        return cluster;
    }
}
