namespace Caretta.Aggregator.Journal;

/// <summary>
/// What may be deleted once a snapshot is saved. Kept: two snapshots and the events after the older of them, whatever their age. A second writer
/// is refused by what the database remembers of each ledger, not by the events it would collide with.
/// </summary>
internal sealed class Retention
{
    private long _newer;

    /// <summary>The snapshot a recovery began with.</summary>
    public void Recovered(long sequence) => _newer = sequence;

    /// <returns>Up to which sequence events may go, and below which sequence snapshots; 0 for none.</returns>
    public long Saved(long sequence)
    {
        var older = _newer;
        _newer = sequence;
        return older;
    }
}
