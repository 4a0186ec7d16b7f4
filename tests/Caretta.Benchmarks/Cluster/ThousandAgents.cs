using System.Diagnostics;
using System.Globalization;
using System.Text;
using Caretta.SimulatedAgents;
using Caretta.TestServers;

namespace Caretta.Benchmarks.Cluster;

/// <summary>A thousand agents of 200 links each, all of which change between two polls, on one aggregator.</summary>
internal static class ThousandAgents
{
    private const int Agents = 1000;
    private const int Links = 200;
    private const int Parts = 5;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    public static async Task MeasureAsync(PostgresServer server, StringBuilder text, TimeSpan duration)
    {
        var journal = await BenchCluster.NewDatabaseAsync(server);
        using var cluster = new BenchCluster(journal, members: 1);
        var database = journal.Split(';').First(part => part.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];
        var idle = cluster.ResidentBytes;
        await using var fleet = Fleet.Start(new FleetOptions
        {
            Aggregator = cluster.Ingress,
            Agents = Agents,
            Links = Links,
            Changing = Links,
            PollInterval = PollInterval,
        });
        var began = Stopwatch.GetTimestamp();
        text.AppendLine("| after | links | aggregator's RSS | database | written ahead (WAL) | reports taken | unacknowledged links | load average |")
            .AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        var (firstWal, firstSize, startedWal) = (0L, 0L, TimeSpan.Zero);
        for (var part = 1; part <= Parts; part++)
        {
            await Task.Delay(duration / Parts);
            var (size, wal) = (await SizeAsync(server, database), await WalAsync(server));
            (firstWal, firstSize, startedWal) = part == 1 ? (wal, size, Stopwatch.GetElapsedTime(began)) : (firstWal, firstSize, startedWal);
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s | {cluster.Sum("caretta_aggregator_links"):N0} | {cluster.ResidentBytes / 1e6:F0} MB "
                + $"| {size / 1e6:F0} MB | {wal / 1e6:F0} MB | {cluster.Sum("caretta_aggregator_reports_total"):N0} | {fleet.Unacked:N0} | {Load.Average} |");
        }

        var (lastWal, lastSize, until) = (await WalAsync(server), await SizeAsync(server, database), Stopwatch.GetElapsedTime(began));
        var resident = cluster.ResidentBytes;
        fleet.StopPolling();
        using var patience = new CancellationTokenSource(duration + TimeSpan.FromMinutes(2));
        var truth = await fleet.SettledAsync(patience.Token);
        var links = cluster.Sum("caretta_aggregator_links");
        text.AppendLine().AppendLine(
            CultureInfo.InvariantCulture,
            $"""
            | what | figure |
            | --- | --- |
            | polls, batches acknowledged, sent again | {truth.Polls:N0}, {truth.BatchesAcked:N0}, {truth.BatchesResent:N0} |
            | streams opened, ended or refused | {truth.Connects:N0}, {truth.ConnectFailures + truth.Refusals:N0} |
            | from a poll until its totals are acknowledged and on the gauges | {truth.DelaySecondsP50:F1} s median, {truth.DelaySecondsP99:F1} s for 99 % |
            | from sending a batch to its acknowledgement | {truth.AckSecondsP50:F1} s median, {truth.AckSecondsP99:F1} s for 99 % |
            | memory per link, agents' streams included | {(resident - idle) / links:F0} bytes |
            | database per link, old events included | {lastSize / links:F0} bytes |
            | the database grew by, per link and hour, since the first row | {(lastSize - firstSize) / links / (until - startedWal).TotalHours / 1e3:F1} kB |
            | written ahead per link and hour, all of them changing | {(lastWal - firstWal) / links / (until - startedWal).TotalHours / 1e3:F0} kB |
            | load average | {Load.Average} |
            """);
    }

    private static async Task<long> SizeAsync(PostgresServer server, string database) =>
        (long)(await server.AskAsync("SELECT pg_database_size(current_database())", database))!;

    private static async Task<long> WalAsync(PostgresServer server) => (long)(decimal)(await server.AskAsync("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"))!;
}
