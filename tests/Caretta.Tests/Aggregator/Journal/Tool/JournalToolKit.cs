using Caretta.Aggregator;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Journal.Tool;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Tool;

/// <summary>Two journals, and the tool as the command line calls it.</summary>
public abstract class JournalToolKit : IDisposable
{
    private readonly TempFolder _files = new();

    private protected JournalToolKit(JournalPlace journal, JournalPlace another) => (Journal, Another) = (journal, another);

    private protected static NetworkLink[] Links { get; } = [.. Traffic.LinksOfShard(JournalledShard.Number).Take(8)];

    private protected static Source NodeA { get; } = Traffic.Source("node-a");

    private protected static Source NodeB { get; } = Traffic.Source("node-b");

    private protected JournalPlace Journal { get; }

    private protected JournalPlace Another { get; }

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Journal.Dispose();
        Another.Dispose();
        _files.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected string File(string name) => Path.Combine(_files.Path, name);

    /// <summary>Three events of two sources over three links, by a member that then ends.</summary>
    private protected static async Task FillAsync(JournalPlace place, ulong sent = 100)
    {
        await using var shard = new RecoveredShard(place);
        await shard.ReportAsync(NodeA, 1, Traffic.Report(Links[0], sent), Traffic.Report(Links[1], sent + 1));
        await shard.ReportAsync(NodeB, 1, Traffic.Report(Links[0], sent + 2));
        await shard.ReportAsync(NodeA, 2, Traffic.Report(Links[2], sent + 3, sequence: 2));
    }

    /// <returns>What it wrote to either stream.</returns>
    private protected static async Task<string> RunAsync(JournalPlace place, int exitCode, params string[] args)
    {
        var output = new StringWriter();
        var code = await JournalCommand.RunAsync(["journal", .. args, .. place.Switches], output, output, Cancel);
        Assert.Equal((exitCode, args[0]), (code, args[0] + (code == exitCode ? "" : ": " + output)));
        return output.ToString();
    }

    private protected static async Task<string> RefusedAsync(JournalPlace place, params string[] args) =>
        (await Assert.ThrowsAsync<StartRefusedException>(
            () => JournalCommand.RunAsync(["journal", .. args, .. place.Switches], TextWriter.Null, TextWriter.Null, Cancel))).Message;

    /// <summary>An export of one shard that no journal need have held.</summary>
    private protected Task<string> MakeExportAsync(string name, ShardSnapshot snapshot) => MakeExportAsync(name, [(JournalledShard.Number, snapshot)]);

    private protected async Task<string> MakeExportAsync(string name, IEnumerable<(int Shard, ShardSnapshot Snapshot)> shards)
    {
        await using var file = System.IO.File.Create(File(name));
        using var writer = new ExportWriter(file);
        await writer.WriteAsync([new ExportHeader(ExportFormat.Name, 1, 64, "", DateTimeOffset.UnixEpoch, "1.0.0")], Cancel);
        foreach (var (shard, snapshot) in shards)
        {
            await writer.WriteAsync(ExportedShard.Lines(shard, sequence: 1, snapshot), Cancel);
        }

        await writer.EndAsync(Cancel);
        return File(name);
    }

    /// <summary>All but what two journals of the same contents may differ in.</summary>
    private protected async Task<string[]> ContentsAsync(JournalPlace place)
    {
        var file = File(Guid.NewGuid().ToString());
        await RunAsync(place, 0, "export", file);
        var lines = await System.IO.File.ReadAllLinesAsync(file, Cancel);
        return [.. lines[1..^1].Select(line => System.Text.RegularExpressions.Regex.Replace(line, "\"sequence\":\\d+,", ""))];
    }

    private protected static long Rows(JournalPlace place) => place.Ask("SELECT COUNT(*) FROM journal");
}
