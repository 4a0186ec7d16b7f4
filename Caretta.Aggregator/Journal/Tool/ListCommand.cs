using System.CommandLine;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary><c>journal list</c>.</summary>
internal static class ListCommand
{
    public static Command Make(Lazy<JournalAccess> access)
    {
        var ns = new Option<string?>("--namespace") { Description = "Only links with an end in it; * stands for any characters.", HelpName = "NAME" };
        var name = new Option<string?>("--name") { Description = "Only links with an end of that name; * stands for any characters.", HelpName = "NAME" };
        var port = new Option<ushort?>("--port") { Description = "Only links of that server port.", HelpName = "PORT" };
        var sources = new Option<bool>("--sources") { Description = "With the totals of each source." };
        var format = new Option<string>("--output", "-o") { Description = "table, json or csv.", HelpName = "FORMAT", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json", "csv");
        var command = new Command("list", "Shows the links with their totals, those with the most bytes first.") { ns, name, port, sources, format };
        command.SetAction(async (parsed, cancel) =>
        {
            var filter = new LinkFilter(parsed.GetValue(ns), parsed.GetValue(name), parsed.GetValue(port));
            var (links, damaged) = await access.Value.ReadAsync(journal => LinksAsync(journal, filter, cancel), cancel);
            var output = parsed.InvocationConfiguration.Output;
            var withSources = parsed.GetValue(sources);
            await output.WriteLineAsync(parsed.GetValue(format) switch
            {
                "json" => ListText.ToJson(links, withSources),
                "csv" => ListText.Csv(links, withSources),
                _ => ListText.Table(links, withSources),
            });
            return await ToldOfDamageAsync(damaged, parsed.InvocationConfiguration.Error);
        });
        return command;
    }

    private static async Task<(IReadOnlyList<ListedLink> Links, IReadOnlyList<string> Damaged)> LinksAsync(
        IJournalReader journal, LinkFilter filter, CancellationToken cancel)
    {
        var (links, damaged) = (new List<ListedLink>(), new List<string>());
        foreach (var ledger in await journal.Tables.LedgersAsync(withHeads: false, cancel))
        {
            var reading = await journal.Tables.ReadAsync(ledger, everyRow: false, cancel);
            if (reading.Faults.Count > 0)
            {
                damaged.Add(ledger);
            }

            if (reading is ShardReading shard)
            {
                links.AddRange(shard.State.Snapshot().Links.Where(stored => filter.Takes(stored.Link)).Select(ListedLink.Of));
            }
        }

        return ([.. links.OrderByDescending(link => (decimal)link.Sum.SentBytes + link.Sum.ReceivedBytes).ThenBy(link => link.Link.Id)], damaged);
    }

    /// <returns>The exit code.</returns>
    private static async Task<int> ToldOfDamageAsync(IReadOnlyList<string> damaged, TextWriter error)
    {
        if (damaged.Count == 0)
        {
            return 0;
        }

        await error.WriteLineAsync($"Damaged, and shown as far as it can be read: {string.Join(", ", damaged)}. journal verify says more.");
        return 1;
    }
}
