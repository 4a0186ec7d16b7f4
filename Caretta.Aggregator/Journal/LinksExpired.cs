namespace Caretta.Aggregator.Journal;

/// <summary>Event: nobody has reported these links for long. They are no longer exported; their totals stay.</summary>
internal sealed record LinksExpired(DateTimeOffset At, IReadOnlyList<ulong> LinkIds)
{
    public HistoryStep Step { get; init; }
}
