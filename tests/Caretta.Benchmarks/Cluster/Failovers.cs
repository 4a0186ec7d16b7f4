using System.Diagnostics;
using System.Globalization;
using System.Text;
using Caretta.SimulatedAgents;
using Caretta.TestServers;

namespace Caretta.Benchmarks.Cluster;

/// <summary>From the end of a member until the others export its links, with the default settings.</summary>
internal static class Failovers
{
    private const int Members = 3;
    private const int Links = 10_000;
    private const int Agents = 20;

    public static async Task MeasureAsync(PostgresServer server, StringBuilder text)
    {
        using var cluster = new BenchCluster(await BenchCluster.NewDatabaseAsync(server), Members);
        await FillAsync(cluster);
        text.AppendLine("| a member of three ends | until all links are exported | from the process's end on | load average |").AppendLine("| --- | --- | --- | --- |");
        Measure(cluster, text, "killed, not the oldest", oldest: false, member => member.Kill());
        Measure(cluster, text, "killed, the oldest", oldest: true, member => member.Kill());
        Measure(cluster, text, "SIGTERM, not the oldest", oldest: false, member => member.Terminate());
        Measure(cluster, text, "SIGTERM, the oldest", oldest: true, member => member.Terminate());
    }

    private static async Task FillAsync(BenchCluster cluster)
    {
        await using var fleet = Fleet.Start(new FleetOptions
        {
            Aggregator = cluster.Ingress,
            Agents = Agents,
            Links = Links / Agents,
            Changing = Links / Agents,
            Polls = 2,
            PollInterval = TimeSpan.FromSeconds(1),
        });
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await fleet.SettledAsync(patience.Token);
    }

    private static void Measure(BenchCluster cluster, StringBuilder text, string how, bool oldest, Action<Memory.StartedProgram> end)
    {
        cluster.WaitUntil("each has its share", () => cluster.Sum("caretta_aggregator_links") >= Links
            && cluster.Members.TrueForAll(member => member.Metric("caretta_aggregator_links") > Links / Members / 2.0));
        var member = oldest ? cluster.Members[0] : cluster.Members[^1];
        var others = cluster.Members.Where(other => other != member).ToList();
        var began = Stopwatch.GetTimestamp();
        var ended = TimeSpan.Zero;
        end(member);
        others[0].WaitUntil("exports the other's links", () =>
        {
            ended = ended == TimeSpan.Zero && member.HasEnded ? Stopwatch.GetElapsedTime(began) : ended;
            return others.Sum(other => other.Metric("caretta_aggregator_links") * other.Metric("caretta_aggregator_owns_links")) >= Links;
        });
        var all = Stopwatch.GetElapsedTime(began);
        others[0].WaitUntil("sees the other's end", () => member.HasEnded);
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"| {how} | {all.TotalSeconds:F1} s | {(ended == TimeSpan.Zero ? "before it" : $"{(all - ended).TotalSeconds:F1} s")} | {Load.Average} |");
        cluster.StartAgain(member);
        cluster.Members[^1].WaitUntilReady();
    }
}
