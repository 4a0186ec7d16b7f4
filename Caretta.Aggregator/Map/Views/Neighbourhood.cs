using Caretta.Aggregator.Map.Model;

namespace Caretta.Aggregator.Map.Views;

/// <summary>What is within so many edges of a workload or a namespace, whichever way they point.</summary>
internal static class Neighbourhood
{
    private const int Unreached = int.MaxValue;

    /// <returns>Of each workload, by its index; the edges between those that are reached.</returns>
    public static (int[] Hops, IReadOnlyList<MapEdge> Edges) Of(MapModel model, IReadOnlyList<MapEdge> edges, string focus, int most)
    {
        var hops = new int[model.Workloads.Count];
        Array.Fill(hops, Unreached);
        foreach (var workload in model.Workloads.Where(workload => workload.Id == focus || MapIds.OfNamespace(workload.Workload.Namespace) == focus))
        {
            hops[workload.Index] = 0;
        }

        for (var hop = 0; hop < most; hop++)
        {
            foreach (var edge in edges)
            {
                Reach(hops, edge.From.Index, edge.To.Index, hop);
                Reach(hops, edge.To.Index, edge.From.Index, hop);
            }
        }

        return (hops, [.. edges.Where(edge => hops[edge.From.Index] != Unreached && hops[edge.To.Index] != Unreached)]);
    }

    private static void Reach(int[] hops, int from, int to, int hop)
    {
        if (hops[from] == hop && hops[to] > hop + 1)
        {
            hops[to] = hop + 1;
        }
    }
}
