using Caretta.Node.Ledger;
using Microsoft.Data.Sqlite;

namespace Caretta.EndToEnd.Tests.Cluster.Faults;

/// <summary>The disk under an agent's ledger fills up, and has room again later.</summary>
internal sealed class FullDisk(string agent) : Fault(agent)
{
    public override async Task Run(ClusterUnderTest cluster)
    {
        var supervised = cluster.Program(agent);
        var before = await Failures(supervised) ?? 0;
        await ShortenJournal(cluster.LedgerFolder(agent));
        cluster.Disk.Fill();
        await Eventually.True(
            async () => await Failures(supervised) > before,
            () => $"{this}: a poll that could not be committed; it said:\n{supervised.Program.Output}");
        cluster.Disk.Free();
        await supervised.Ready();
    }

    /// <summary>SQLite writes its journal over from the start, so that one of full length needs no more of the disk, and a full disk would harm nobody.</summary>
    private static async Task ShortenJournal(string folder)
    {
        await using var ledger = new SqliteConnection($"Data Source={System.IO.Path.Combine(folder, LedgerFile.FileName)};Pooling=False");
        await ledger.OpenAsync();
        await using var shorten = ledger.CreateCommand();
        shorten.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await Eventually.True(async () => await shorten.ExecuteScalarAsync() is 0L, () => $"the journal in {folder} shortened");
    }

    private static async Task<decimal?> Failures(Supervised agent) => (await agent.Program.Scrape())?.Sum("caretta_node_poll_failures_total");
}
