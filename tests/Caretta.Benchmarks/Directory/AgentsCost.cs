using System.Diagnostics;
using System.Globalization;
using System.Text;
using Caretta.Benchmarks.Memory;
using Caretta.FakeCluster;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Grpc.Net.Client;
using Subject = Caretta.Messages.Subject;

namespace Caretta.Benchmarks.Directory;

/// <summary>
/// What follows a restart of the aggregator: it lists a cluster of 20,000 pods from an API server on this machine, and 1,000 agents that have
/// been waiting for it ask about 200 addresses each, all at once.
/// </summary>
internal static class AgentsCost
{
    private const int Rounds = 5;
    private const int Pods = 20_000;
    private const int PodsOfADeployment = 10;
    private const int Agents = 1_000;
    private const int Addresses = 200;
    private const int StreamsOfAConnection = 100; // Kestrel's bound

    private static readonly (string, string) Aggregator = ("Caretta.Aggregator", "caretta-aggregator");

    public static string Measure() => MeasureAsync().GetAwaiter().GetResult();

    private static async Task<string> MeasureAsync()
    {
        await using var api = await FakeApiServer.StartAsync(Cluster(Pods));
        var folder = System.IO.Directory.CreateTempSubdirectory("caretta-bench-").FullName;
        try
        {
            var (synced, all, median, worst, memory) = (new Samples(), new Samples(), new Samples(), new Samples(), new Samples());
            for (var round = 0; round <= Rounds; round++)
            {
                var result = await RestartAsync(api, folder, round);
                if (round > 0) // the first one warms up this process and the disk's cache
                {
                    synced.Add(result.Synced);
                    all.Add(result.All);
                    median.Add(result.Each.Median);
                    worst.Add(result.Each.Quantile(0.99));
                    memory.Add(result.Megabytes);
                }
            }

            return new StringBuilder()
                .AppendLine("| pods | agents | addresses each | start until synced | first question until the last answer | an agent's wait, median | 99 % | aggregator's RSS |")
                .AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- |")
                .AppendLine(
                    CultureInfo.InvariantCulture,
                    $"| {Pods:N0} | {Agents:N0} | {Addresses} | {synced.Median:F0} ms | {all.Median:F0} ms | {median.Median:F0} ms | {worst.Median:F0} ms | {memory.Median:F0} MB |")
                .ToString();
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Synced, double All, Samples Each, double Megabytes)> RestartAsync(FakeApiServer api, string folder, int round)
    {
        var (http, ingress) = (StartedProgram.FreePort(), StartedProgram.FreePort());
        using var stopping = new CancellationTokenSource();
        var channels = Enumerable.Range(0, Agents / StreamsOfAConnection).Select(_ => GrpcChannel.ForAddress($"http://127.0.0.1:{ingress}")).ToArray();
        var random = new Random(round);
        var agents = Enumerable.Range(0, Agents)
            .Select(number => new AskingAgent(
                number, [.. Enumerable.Range(0, Addresses).Select(_ => Subject.Of(Address.Parse(AddressOf(random.Next(Pods)))))]))
            .ToArray();

        var began = Stopwatch.GetTimestamp();
        using var aggregator = new StartedProgram(
            Aggregator, http, cgroup: null,
            $"--Caretta:Aggregator:DataFolder={folder}", $"--Caretta:Aggregator:HttpPort={http}", $"--Caretta:Aggregator:IngressPort={ingress}",
            "--Caretta:Aggregator:RemotePort=0", "--Caretta:Aggregator:Security=Off", "--Caretta:Aggregator:Kubernetes=ApiServer", $"--Caretta:Aggregator:ApiServer={api.Address}");
        try
        {
            await Task.WhenAll(agents.Select((agent, i) => agent.AskAsync(new Ingress.IngressClient(channels[i % channels.Length]), stopping.Token)));
            if (agents.Any(agent => agent.Held != Addresses))
            {
                throw new InvalidOperationException("Not every address was answered with its pod's workload.");
            }

            var each = new Samples();
            foreach (var agent in agents)
            {
                each.Add(Stopwatch.GetElapsedTime(agent.AskedAt, agent.AnsweredAt).TotalMilliseconds);
            }

            var first = agents.Min(agent => agent.AskedAt);
            return (
                Stopwatch.GetElapsedTime(began, first).TotalMilliseconds,
                Stopwatch.GetElapsedTime(first, agents.Max(agent => agent.AnsweredAt)).TotalMilliseconds,
                each,
                aggregator.ResidentBytes / 1e6);
        }
        finally
        {
            await stopping.CancelAsync();
            Array.ForEach(channels, channel => channel.Dispose());
        }
    }

    /// <param name="pods">With a deployment and a replica set for every ten.</param>
    public static SimulatedCluster Cluster(int pods)
    {
        var cluster = new SimulatedCluster();
        for (var number = 0; number < pods; number++)
        {
            var deployment = Manifest.Deployment("shop", $"service-{number / PodsOfADeployment}");
            var set = Manifest.ReplicaSet("shop", $"service-{number / PodsOfADeployment}-7d9f8b6c5d", deployment);
            if (number % PodsOfADeployment == 0)
            {
                cluster.Put(deployment, set);
            }

            cluster.Put(Manifest.Pod("shop", $"service-{number / PodsOfADeployment}-7d9f8b6c5d-{number}", [AddressOf(number)], set));
        }

        return cluster;
    }

    private static string AddressOf(int number) => $"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}";
}
