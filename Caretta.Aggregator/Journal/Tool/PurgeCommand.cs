using System.CommandLine;
using System.Globalization;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary><c>journal purge</c>.</summary>
internal static class PurgeCommand
{
    private const string Returns =
        "A source that still has traffic on it brings it back at its next change, with all that this source has counted on it.";

    public static Command Make(Lazy<JournalAccess> access)
    {
        var link = new Argument<ulong>("LINK_ID") { Description = "As journal list shows it, and the label link_id." };
        var command = new Command("purge", $"Removes a link with all its totals. Every member must be stopped. {Returns}") { link };
        command.SetAction((parsed, cancel) => access.Value.PurgeAsync(parsed.GetRequiredValue(link), parsed.InvocationConfiguration.Output, cancel));
        return command;
    }

    private static async Task<int> PurgeAsync(this JournalAccess access, ulong linkId, TextWriter output, CancellationToken cancel)
    {
        // A look beforehand makes no journal where there is none.
        await access.ReadAsync(_ => Task.FromResult(true), cancel);
        return await access.WriteAsync(journal => PurgeAsync(journal, linkId, output, cancel), cancel);
    }

    private static async Task<int> PurgeAsync(IJournalWriter journal, ulong linkId, TextWriter output, CancellationToken cancel)
    {
        var ledger = ShardReading.NameOf(LinkSharding.ShardOf(linkId, LinkSharding.DefaultShardCount));
        await using var transaction = await journal.BeginAsync(cancel);
        var held = await LedgerAppend.ReadSoundAsync<ShardReading>(journal, ledger, cancel);
        if (held.State.Link(linkId) is not { } link)
        {
            throw new StartRefusedException($"The journal {journal.Name} holds no link {linkId}. journal list shows which it holds.");
        }

        var now = DateTimeOffset.UtcNow;
        await LedgerAppend.WriteAsync(journal, held, new JournalSerializer(null!), new LinksPurged(now, [linkId]), now, cancel);
        await transaction.CommitAsync(cancel);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{journal.Name}: link {linkId} is gone, with {link.Sum.SentBytes} bytes sent and {link.Sum.ReceivedBytes} received of {link.Held.Count} sources. {Returns}"));
        return 0;
    }
}
