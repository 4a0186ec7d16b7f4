namespace Caretta.Aggregator.Journal;

/// <summary>From one history to the next.</summary>
/// <param name="Before">What the event was written on.</param>
/// <param name="Id">The event's, random: no two writers' events are taken for one another. 0: an older version wrote it, and it is read anywhere.</param>
internal readonly record struct HistoryStep(ulong Before, ulong Id)
{
    public ulong After => History.After(Before, Id);
}
