using Caretta.Aggregator.Map.Answers;

namespace Caretta.Aggregator.Map.Views;

/// <summary>From one view of the map to the next of the same query.</summary>
internal static class ViewChanges
{
    /// <returns>Null: so much changed that the whole is told in less.</returns>
    public static MapDelta? Between(MapAnswer before, MapAnswer after)
    {
        if (before.Level != after.Level || before.TooMany != after.TooMany)
        {
            return null;
        }

        var (nodes, goneNodes) = Between(before.Nodes, after.Nodes, node => node.Id);
        var (edges, goneEdges) = Between(before.Edges, after.Edges, edge => edge.Id);
        return goneNodes.Count + goneEdges.Count > after.Nodes.Count + after.Edges.Count
            ? null
            : new MapDelta(after.At, after.Complete, after.Members, after.Totals, after.Left, nodes, edges, goneNodes, goneEdges);
    }

    private static (IReadOnlyList<T> Changed, IReadOnlyList<string> Gone) Between<T>(IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, string> id)
        where T : class
    {
        var known = before.ToDictionary(id);
        List<T> changed = [.. after.Where(item => !known.Remove(id(item), out var old) || !item.Equals(old))];
        return (changed, [.. known.Keys]);
    }
}
