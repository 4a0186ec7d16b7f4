namespace Caretta.Aggregator.Journal;

/// <summary>
/// When a ledger saves a snapshot: after so many events, but not before they hold as many totals as the snapshot will, so that snapshots at most
/// double what is written. Replay stays bounded: by <see cref="MostEvents"/> where events are small and the shard is large, and where they are large, a
/// busy shard's of a few seconds, by <see cref="LongestReplay"/>.
/// </summary>
internal sealed class SnapshotSchedule(int every)
{
    private const int LargestFactor = 10;

    /// <summary>Totals to replay for each one in the snapshot. Snapshots add a quarter to what such a shard writes.</summary>
    private const int LongestReplay = 4;

    /// <summary>So many are replayed in no time, also by all shards at once.</summary>
    private const int ShortReplay = 4000;

    private readonly Retention _retention = new();
    private int _events;
    private long _totals;

    private int MostEvents => every * LargestFactor;

    /// <summary>From the snapshot of this sequence.</summary>
    public void Recovered(long sequence) => _retention.Recovered(sequence);

    /// <summary>An event is in the journal, now or as recovery meets it.</summary>
    public void Wrote(int totals)
    {
        _events++;
        _totals += totals;
    }

    /// <param name="held">Totals in the snapshot.</param>
    public bool IsDue(long held)
    {
        var isLong = _totals >= Math.Max(ShortReplay, held * LongestReplay);
        if (!isLong && (_events < every || (_totals < held && _events < MostEvents)))
        {
            return false;
        }

        (_events, _totals) = (0, 0);
        return true;
    }

    /// <returns>Up to which sequence events may go, and below which snapshots; 0 for none.</returns>
    public long Saved(long sequence) => _retention.Saved(sequence);
}
