namespace Caretta.Aggregator.Journal;

/// <summary>
/// What may be deleted once a snapshot is saved. Kept: two snapshots, the events after the older of them, and every event younger than
/// an hour. The hour is for a second writer: the journal's unique key refuses it only while the row it collides with exists.
/// </summary>
internal sealed class Retention
{
    public static readonly TimeSpan KeepEvents = TimeSpan.FromHours(1);

    private readonly Queue<(long Sequence, DateTimeOffset At)> _marks = [];
    private long _older;
    private long _newer;

    /// <summary>The snapshot a recovery began with.</summary>
    public void Recovered(long sequence, DateTimeOffset at)
    {
        _newer = sequence;
        _marks.Enqueue((sequence, at));
    }

    /// <returns>Up to which sequence events may go, and below which sequence snapshots; 0 for none.</returns>
    public (long EventsUpTo, long SnapshotsBelow) Saved(long sequence, DateTimeOffset at)
    {
        (_older, _newer) = (_newer, sequence);
        var old = 0L;
        while (_marks.TryPeek(out var mark) && at - mark.At >= KeepEvents)
        {
            old = _marks.Dequeue().Sequence;
        }

        _marks.Enqueue((sequence, at));
        return (Math.Min(_older, old), _older);
    }
}
