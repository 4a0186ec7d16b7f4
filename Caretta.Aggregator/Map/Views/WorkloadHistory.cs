using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Map.Trails;

namespace Caretta.Aggregator.Map.Views;

/// <summary>The last hour of a workload, of the hours of its edges: out is what it sends, as a client and as a server.</summary>
internal static class WorkloadHistory
{
    public static History Of(MapWorkload workload, IEnumerable<MapEdge> edges, IReadOnlyDictionary<ulong, History> histories) => History.Sum(
    [
        .. edges.Where(edge => edge.From == workload).Select(edge => histories[edge.Id]),
        .. edges.Where(edge => edge.To == workload).Select(edge => histories[edge.Id])
            .Select(history => new History(history.From, history.Received, history.Sent, history.Failed)),
    ]);
}
