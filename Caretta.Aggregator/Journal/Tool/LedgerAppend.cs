using Akka.Serialization;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>Adds one event to a ledger, as its own next one.</summary>
internal static class LedgerAppend
{
    /// <exception cref="StartRefusedException">It is damaged: what would be added to is not known.</exception>
    public static async Task<T> ReadSoundAsync<T>(IJournalWriter journal, string ledger, CancellationToken cancel)
        where T : LedgerReading
    {
        var reading = await journal.Tables.ReadAsync(ledger, everyRow: false, cancel);
        return reading.Faults.Count == 0
            ? (T)reading
            : throw new StartRefusedException($"{ledger} in {journal.Name} is damaged and was left as it is: {reading.Faults[0]} journal verify says more.");
    }

    public static Task WriteAsync(
        IJournalWriter journal, LedgerReading after, SerializerWithStringManifest serializer, object added, DateTimeOffset at, CancellationToken cancel) =>
        journal.Tables.AppendAsync(
            after.Ledger, after.Written + 1, serializer.ToBinary(added), serializer.Manifest(added), serializer.Identifier, at, cancel);
}
