using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Model;

namespace Caretta.Aggregator.Map.Views;

/// <summary>Decides what is drawn of the map. Pure.</summary>
internal static class MapView
{
    public static MapAnswer Of(MapModel model, MapQuery query, TimeSpan refresh)
    {
        var edges = query.Filter.Of(model);
        var hops = Array.Empty<int>();
        if (query.Focus is { } focus)
        {
            (hops, edges) = Neighbourhood.Of(model, edges, focus, query.Hops);
        }

        var workloads = new bool[model.Workloads.Count];
        foreach (var edge in edges)
        {
            workloads[edge.From.Index] = workloads[edge.To.Index] = true;
        }

        List<MapWorkload> seen = [.. model.Workloads.Where(workload => workloads[workload.Index])];
        var (nodes, level) = Nodes(model, query, seen, hops);
        foreach (var edge in edges)
        {
            NodeSums.Add(nodes[edge.From.Index]!.Sums, nodes[edge.To.Index]!.Sums, edge.Sums);
        }

        return Draw(model, query, refresh, edges, seen, nodes, level);
    }

    private static MapAnswer Draw(
        MapModel model, MapQuery query, TimeSpan refresh, IReadOnlyList<MapEdge> edges, List<MapWorkload> seen, DrawnNode?[] nodes, string level)
    {
        var all = seen.Select(workload => nodes[workload.Index]!).Distinct().ToList();
        var rest = DrawnNode.Rest();
        var shown = all;
        if (all.Count > query.MaxNodes)
        {
            shown = [.. all.OrderBy(node => node.Hops).ThenByDescending(node => node.Sums.Rate).ThenByDescending(node => node.Sums.Bytes).Take(query.MaxNodes)];
            Fold(edges, seen, nodes, shown, rest);
        }

        var drawing = new Drawing(edges, workload => nodes[workload.Index]!, rest);
        var drawn = drawing.Top(query.MaxEdges);
        if (shown.Count < all.Count || drawing.HasRestEdge)
        {
            shown = [.. shown, rest];
        }

        var totals = edges.Aggregate(default(EdgeSums), (sum, edge) => sum + edge.Sums);
        return new MapAnswer(
            model.At,
            refresh.TotalSeconds,
            model.Members.AreAll,
            Dtos.Of(model.Members),
            new MapTotals(seen.Select(workload => workload.Namespace).Distinct().Count(), seen.Count, totals.Links, edges.Count, Dtos.Round(totals.Rate)),
            level,
            all.Count > query.MaxNodes,
            [.. shown.Select(node => node.ToDto())],
            drawn,
            new MapLeft(Math.Max(0, all.Count - query.MaxNodes), drawing.LeftEdges, Dtos.Round(drawing.LeftRate)));
    }

    /// <summary>What is not among those shown becomes one node, with sums of its own: what stays inside it counts there as in a namespace.</summary>
    private static void Fold(IReadOnlyList<MapEdge> edges, List<MapWorkload> seen, DrawnNode?[] nodes, List<DrawnNode> shown, DrawnNode rest)
    {
        var kept = shown.ToHashSet();
        foreach (var workload in seen.Where(workload => !kept.Contains(nodes[workload.Index]!)))
        {
            nodes[workload.Index] = rest;
            rest.Workloads++;
        }

        var others = new NodeSums();
        foreach (var edge in edges)
        {
            var (from, to) = (nodes[edge.From.Index], nodes[edge.To.Index]);
            if (from == rest || to == rest)
            {
                NodeSums.Add(from == rest ? rest.Sums : others, to == rest ? rest.Sums : others, edge.Sums);
            }
        }
    }

    /// <returns>The node of each workload that is seen, by its index.</returns>
    private static (DrawnNode?[] Nodes, string Level) Nodes(MapModel model, MapQuery query, List<MapWorkload> seen, int[] hops)
    {
        var nodes = new DrawnNode?[model.Workloads.Count];
        var namespaces = new DrawnNode?[model.Namespaces.Count];
        var expanded = Expanded(query, seen.Count);
        var single = 0;
        foreach (var workload in seen)
        {
            var name = model.Namespaces[workload.Namespace];
            var isSingle = expanded is null || expanded.Contains(name);
            var node = isSingle ? DrawnNode.Of(workload) : namespaces[workload.Namespace] ??= DrawnNode.OfNamespace(name, workload.IsExternal);
            nodes[workload.Index] = node;
            node.Workloads++;
            node.Hops = hops.Length == 0 ? 0 : hops[workload.Index];
            single += isSingle ? 1 : 0;
        }

        return (nodes, single == seen.Count ? "workloads" : single == 0 ? "namespaces" : "mixed");
    }

    /// <returns>The namespaces drawn as workloads; null: all.</returns>
    private static HashSet<string>? Expanded(MapQuery query, int workloads) => query switch
    {
        { Expanded: { } named } => named.Contains(MapQuery.Everything) ? null : named.ToHashSet(StringComparer.Ordinal),
        { Focus: not null } => null,
        _ => workloads <= query.MaxNodes ? null : [],
    };
}
