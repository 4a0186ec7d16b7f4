using System.CommandLine;
using System.Globalization;
using Caretta.Aggregator.Directory.Externals;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary><c>journal import</c>.</summary>
internal static class ImportCommand
{
    public static Command Make(Lazy<JournalAccess> access)
    {
        var file = new Argument<string>("FILE") { Description = "What journal export wrote. - is standard input." };
        var merge = new Option<bool>("--merge")
        {
            Description = "Into a journal that holds something: the greater total of each link, source and counter counts. Repeating it changes nothing.",
        };
        var command = new Command("import", "Adds an export to the journal, by default only to an empty one. Every member must be stopped.") { file, merge };
        command.SetAction(async (parsed, cancel) =>
        {
            var image = await ReadAsync(parsed.GetRequiredValue(file), cancel); // as a whole, before anything is written
            return await access.Value.WriteAsync(
                journal => ImportAsync(journal, image, parsed.GetValue(merge), parsed.InvocationConfiguration.Output, cancel), cancel);
        });
        return command;
    }

    private static async Task<JournalImage> ReadAsync(string file, CancellationToken cancel)
    {
        try
        {
            await using var from = file == ExportCommand.StandardStream ? Console.OpenStandardInput() : File.OpenRead(file);
            return await ExportReader.ReadAsync(from, cancel);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StartRefusedException($"The file {file} cannot be imported, and nothing was. {unusable.Message}");
        }
    }

    private static async Task<int> ImportAsync(IJournalWriter journal, JournalImage image, bool merge, TextWriter output, CancellationToken cancel)
    {
        if (!merge && (await journal.Tables.LedgersAsync(withHeads: false, cancel)).Count > 0)
        {
            throw new StartRefusedException(
                $"The journal {journal.Name} holds something. --merge adds the file to it, the greater total of each link and source; if an import was "
                + "interrupted, that is also how it is completed. Or begin a new journal.");
        }

        var (changed, links) = (0, 0);
        foreach (var (shard, snapshot) in image.Shards)
        {
            changed += await AddAsync(journal, shard, snapshot, cancel) ? 1 : 0;
            links += snapshot.Links.Count;
        }

        await AddAsync(journal, image.Grants, cancel);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{journal.Name}: {links} links read, {changed} shards changed{(changed == 0 ? ": all of it was there" : "")}."));
        return 0;
    }

    /// <returns>False: all of it was there.</returns>
    private static async Task<bool> AddAsync(IJournalWriter journal, int shard, ShardSnapshot more, CancellationToken cancel)
    {
        await using var transaction = await journal.BeginAsync(cancel);
        var held = await LedgerAppend.ReadSoundAsync<ShardReading>(journal, ShardReading.NameOf(shard), cancel);
        var merged = held.State.Snapshot();
        if (ShardMerge.Of(merged, more).ToStored().Equals(merged.ToStored()))
        {
            return false;
        }

        var now = DateTimeOffset.UtcNow;
        await LedgerAppend.WriteAsync(journal, held, new JournalSerializer(null!), new ShardMerged(now, more), now, cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>Those that are not held, as of the time of the youngest of them: a grant that ends later than it would have does no harm.</summary>
    private static async Task AddAsync(IJournalWriter journal, GrantsSnapshot more, CancellationToken cancel)
    {
        if (more.Workloads.Count == 0)
        {
            return;
        }

        await using var transaction = await journal.BeginAsync(cancel);
        var held = await LedgerAppend.ReadSoundAsync<GrantsReading>(journal, GrantsReading.Name, cancel);
        var lacking = more.Workloads
            .Select(workload => new GrantAdvance(
                workload.Local, [.. workload.Externals.Where(external => held.Grants.Row(workload.Local)?.RenewedAt(external) is null)], [], []))
            .Where(advance => advance.Granted.Count > 0).ToList();
        if (lacking.Count > 0)
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(more.Workloads.SelectMany(workload => workload.Renewed).Max());
            await LedgerAppend.WriteAsync(journal, held, new GrantsSerializer(null!), new GrantsAdvanced(at, lacking), DateTimeOffset.UtcNow, cancel);
            await transaction.CommitAsync(cancel);
        }
    }
}
