using System.CommandLine;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary><c>journal verify</c>.</summary>
internal static class VerifyCommand
{
    public static Command Make(Lazy<JournalAccess> access)
    {
        var command = new Command(
            "verify",
            "Reads every row as a recovery would and says what is wrong: rows that cannot be read, gaps, a head that disagrees, links of other shards, "
            + "totals beyond any traffic.");
        command.SetAction((parsed, cancel) => access.Value.ReadAsync(
            journal => VerifyAsync(journal, parsed.InvocationConfiguration.Output, cancel), cancel));
        return command;
    }

    private static async Task<int> VerifyAsync(IJournalReader journal, TextWriter output, CancellationToken cancel)
    {
        var damaged = 0;
        if (await journal.FindDamageAsync(cancel) is { } damage)
        {
            await output.WriteLineAsync($"{journal.Name}: {damage}");
            damaged++;
        }

        var hidden = await journal.HeadsHiddenAsync(cancel);
        var ledgers = await journal.Tables.LedgersAsync(withHeads: hidden is null, cancel);
        foreach (var ledger in ledgers)
        {
            damaged += await IsSoundAsync(journal, ledger, withHead: hidden is null, output, cancel) ? 0 : 1;
        }

        if (hidden is not null)
        {
            await output.WriteLineAsync($"Note: {hidden}");
        }

        await output.WriteLineAsync(damaged == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{journal.Name}: {ledgers.Count} ledgers, nothing wrong.")
            : string.Create(CultureInfo.InvariantCulture, $"{journal.Name}: {damaged} damaged. docs/operations.md says what to do."));
        return damaged == 0 ? 0 : 1;
    }

    private static async Task<bool> IsSoundAsync(IJournalReader journal, string ledger, bool withHead, TextWriter output, CancellationToken cancel)
    {
        try
        {
            var reading = await journal.Tables.ReadAsync(ledger, everyRow: true, cancel);
            if (withHead)
            {
                reading.CompareHead(await journal.Tables.HeadAsync(ledger, cancel));
            }

            await ReportAsync(reading, output);
            return reading.Faults.Count == 0;
        }
        catch (SqliteException damaged)
        {
            await output.WriteLineAsync($"{ledger}: DAMAGED, {damaged.Message}");
            return false;
        }
    }

    private static async Task ReportAsync(LedgerReading reading, TextWriter output)
    {
        var holds = reading is ShardReading shard
            ? string.Create(CultureInfo.InvariantCulture, $"{shard.State.Count} links of {shard.State.Sources.Count} sources, ")
            : "";
        var rows = string.Create(
            CultureInfo.InvariantCulture, $"{holds}{reading.Events} events and {reading.Snapshots} snapshots up to {reading.Written}");
        await output.WriteLineAsync($"{reading.Ledger}: {(reading.Faults.Count == 0 ? "ok" : "DAMAGED")}, {rows}");
        foreach (var fault in reading.Faults)
        {
            await output.WriteLineAsync($"  {fault}");
        }
    }
}
