using System.CommandLine;
using Caretta.Aggregator.Hosting;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary><c>journal export</c>.</summary>
internal static class ExportCommand
{
    public const string StandardStream = "-";

    public static Command Make(Lazy<JournalAccess> access)
    {
        var file = new Argument<string>("FILE") { Description = "Must not exist. - is standard output." };
        var asIs = new Option<bool>("--as-is") { Description = "Of a damaged journal: what can be read." };
        var command = new Command("export", "Writes all that the journal holds as lines of JSON, from one moment.") { file, asIs };
        command.SetAction((parsed, cancel) => access.Value.ReadAsync(
            journal => ExportAsync(journal, parsed.GetRequiredValue(file), parsed.GetValue(asIs), parsed.InvocationConfiguration.Error, cancel), cancel));
        return command;
    }

    private static async Task<int> ExportAsync(IJournalReader journal, string file, bool asIs, TextWriter error, CancellationToken cancel)
    {
        if (file == StandardStream)
        {
            await using var output = Console.OpenStandardOutput();
            await WriteAsync(journal, output, asIs, error, cancel);
            return 0;
        }

        // Under its name only once it is whole.
        var part = file + ".part";
        try
        {
            if (File.Exists(file))
            {
                throw new IOException("it exists");
            }

            await using (var output = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                await WriteAsync(journal, output, asIs, error, cancel);
                output.Flush(flushToDisk: true);
            }

            File.Move(part, file);
            return 0;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The export {file} cannot be written: {failed.Message}. Name another file, or make room for it.");
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static async Task WriteAsync(IJournalReader journal, Stream output, bool asIs, TextWriter error, CancellationToken cancel)
    {
        using var writer = new ExportWriter(output);
        var id = await journal.Tables.ValueAsync("journal_id", cancel) ?? "";
        var header = new ExportHeader(
            ExportFormat.Name, ExportFormat.Version, LinkSharding.DefaultShardCount, id, DateTimeOffset.UtcNow, CommandLine.Switches.Version);
        await writer.WriteAsync([header], cancel);
        foreach (var ledger in await journal.Tables.LedgersAsync(withHeads: false, cancel))
        {
            var reading = await journal.Tables.ReadAsync(ledger, everyRow: false, cancel);
            if (reading.Faults.Count > 0)
            {
                var fault = $"{ledger} is damaged: {reading.Faults[0]}";
                await error.WriteLineAsync(asIs ? fault : throw new StartRefusedException($"{fault} journal verify says more; --as-is exports what can be read."));
            }

            await writer.WriteAsync(Lines(reading), cancel);
        }

        await writer.EndAsync(cancel);
    }

    private static IEnumerable<ExportLine> Lines(LedgerReading reading) => reading switch
    {
        ShardReading shard => ExportedShard.Lines(shard.Shard, shard.Written, shard.State.Snapshot()),
        GrantsReading grants => ExportedShard.Lines(grants.Grants.Snapshot()),
        _ => [],
    };
}
