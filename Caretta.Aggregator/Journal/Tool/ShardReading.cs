using System.Globalization;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>The rows of one shard.</summary>
internal sealed class ShardReading(int shard) : LedgerReading(NameOf(shard), new JournalSerializer(null!)) // which asks nothing of an actor system
{
    private const string Prefix = "shard-";

    public int Shard { get; } = shard;

    public ShardState State { get; private set; } = new();

    public static string NameOf(int shard) => Prefix + shard.ToString(CultureInfo.InvariantCulture);

    /// <returns>null: it is none.</returns>
    public static int? ShardOf(string ledger) =>
        ledger.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(ledger.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
            && shard < LinkSharding.DefaultShardCount && NameOf(shard) == ledger
            ? shard
            : null;

    protected override bool TryBegin(object snapshot)
    {
        if (snapshot is not ShardSnapshot begin)
        {
            return false;
        }

        State = new ShardState(begin);
        return true;
    }

    protected override bool TryApply(object journalled)
    {
        if (journalled is LinksExpired expired)
        {
            foreach (var unknown in expired.LinkIds.Where(id => State.Link(id) is null))
            {
                Fault($"Link {unknown} expires without being held: an event before is lost.");
            }
        }

        return State.Replay(journalled) is not null;
    }

    protected override void Check(object read, long sequence)
    {
        foreach (var fault in ShardRules.Faults(Shard, read))
        {
            Fault($"Row {sequence}: {fault}");
        }
    }
}
