using System.Diagnostics;
using System.Globalization;
using System.Text;
using Caretta.SimulatedAgents;
using Caretta.TestServers;

namespace Caretta.Benchmarks.Cluster;

/// <summary>
/// Durable updates a second, from gRPC to acknowledged: agents that always have something new for every link, so that the next batch goes off as soon as the
/// last is acknowledged. And how long the links take to be back after all members were killed.
/// </summary>
internal static class Updates
{
    private const int Agents = 50;

    /// <summary>Links that change in a second: twice the goal, so that it is not what bounds the figure.</summary>
    private const double Offered = 200_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(20);

    public static async Task MeasureAsync(PostgresServer server, StringBuilder text)
    {
        var recovery = "";
        text.AppendLine("| links | members | durable updates a second | batches a second | load average |").AppendLine("| --- | --- | --- | --- | --- |");
        foreach (var (links, members) in new[] { (10_000, 1), (100_000, 1), (100_000, 2), (100_000, 3) })
        {
            using var cluster = new BenchCluster(await BenchCluster.NewDatabaseAsync(server), members);
            var (updates, batches) = await MeasureAsync(cluster, links);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {links:N0} | {members} | {updates:N0} | {batches:N0} | {Load.Average} |");
            if ((links, members) == (100_000, 1))
            {
                recovery = Recover(cluster);
            }
        }

        text.AppendLine().Append(recovery);
    }

    private static async Task<(double Updates, double Batches)> MeasureAsync(BenchCluster cluster, int links)
    {
        await using var fleet = Fleet.Start(new FleetOptions
        {
            Aggregator = cluster.Ingress,
            Agents = Agents,
            Links = links / Agents,
            Changing = links / Agents,
            PollInterval = TimeSpan.FromSeconds(links / Offered),
        });
        cluster.WaitUntil("has all links", () => cluster.Sum("caretta_aggregator_links") >= links);
        await Task.Delay(WarmUp);
        var (reports, batches, began) = (cluster.Sum("caretta_aggregator_reports_total"), fleet.BatchesAcked, Stopwatch.GetTimestamp());
        await Task.Delay(Measured);
        var (more, moreBatches) = (cluster.Sum("caretta_aggregator_reports_total") - reports, fleet.BatchesAcked - batches);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        fleet.StopPolling();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await fleet.SettledAsync(patience.Token); // nothing was lost on the way
        return (more / seconds, moreBatches / seconds);
    }

    private static string Recover(BenchCluster cluster)
    {
        var links = cluster.Sum("caretta_aggregator_links");
        cluster.Members[0].Kill();
        cluster.StartAgain(cluster.Members[0]);
        var began = Stopwatch.GetTimestamp();
        cluster.WaitUntil("is a member", () => Answers(cluster) && cluster.Sum("caretta_aggregator_members") >= 1);
        var formed = Stopwatch.GetElapsedTime(began);
        cluster.WaitUntil("exports all links", () => cluster.Sum("caretta_aggregator_links") >= links);
        var all = Stopwatch.GetElapsedTime(began);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            | all members killed and started, no agent | time | load average |
            | --- | --- | --- |
            | process started until the cluster has formed | {formed.TotalSeconds:F1} s | {Load.Average} |
            | from then until {links:N0} links are exported | {(all - formed).TotalSeconds:F1} s | {Load.Average} |

            """);
    }

    private static bool Answers(BenchCluster cluster)
    {
        try
        {
            return cluster.Sum("caretta_aggregator_members") >= 0;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }
}
