namespace Caretta.Messages;

/// <summary>What holds from a time on, until the next entry of the timeline.</summary>
/// <param name="From">On the clock of whoever has the timeline.</param>
/// <param name="Workload">
/// The holder if <see cref="Knowledge.Held"/>; if <see cref="Knowledge.Nobody"/>, what to call the external, null while there is nothing better than the address.
/// </param>
public readonly record struct TimelineEntry(TimeSpan From, Knowledge Knowledge, Workload? Workload = null);
