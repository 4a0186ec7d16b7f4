namespace Caretta.Aggregator.Journal;

/// <summary>Event: an operator removed these links with all their totals. Written by <c>journal purge</c>, while no member runs.</summary>
internal sealed record LinksPurged(DateTimeOffset At, IReadOnlyList<ulong> LinkIds);
