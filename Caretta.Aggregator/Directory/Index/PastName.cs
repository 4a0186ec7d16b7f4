using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <param name="Workload">Null if it was still to come.</param>
/// <param name="Until">From then on the next name held.</param>
internal sealed record PastName(Workload? Workload, TimeSpan Until, PastName? Earlier);
