using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Model;

namespace Caretta.Aggregator.Map.Views;

/// <summary>What appeared and what vanished lately. By the journal's times, so a restart changes nothing.</summary>
internal static class ChangeView
{
    public const int MostMinutes = 7 * 24 * 60;
    private const int MostEdges = 1000;

    public static ChangesAnswer Of(MapModel model, EdgeFilter filter, int minutes)
    {
        var (now, period) = (model.At.ToUnixTimeMilliseconds(), minutes * 60_000L);
        var edges = filter.Of(model);
        List<MapEdge> appeared = [.. edges.Where(edge => edge.Sums.FirstMs > now - period)];
        List<MapEdge> vanished = [.. edges.Where(edge => edge.Sums.LastMs > now - (2 * period) && edge.Sums.LastMs <= now - period)];
        return new ChangesAnswer(
            model.At, model.Members.AreAll, Dtos.Of(model.Members), minutes, appeared.Count, vanished.Count, Most(appeared), Most(vanished));
    }

    private static IReadOnlyList<ChangedEdge> Most(List<MapEdge> edges) =>
    [
        .. edges.OrderByDescending(edge => edge.Sums.Rate).ThenByDescending(edge => edge.Sums.Bytes).ThenBy(edge => edge.Id).Take(MostEdges)
            .Select(edge => new ChangedEdge(Dtos.Of(edge), LinkViews.Name(edge.From.Workload), LinkViews.Name(edge.To.Workload))),
    ];
}
