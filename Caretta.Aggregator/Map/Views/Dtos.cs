using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Model;

namespace Caretta.Aggregator.Map.Views;

/// <summary>How the model's numbers are told.</summary>
internal static class Dtos
{
    /// <summary>Of LastSeen: an open connection is no news every few seconds.</summary>
    private const long SeenStepMs = 10_000;

    public static MembersDto Of(MembersAnswered members) => new(members.Asked, members.Answered, members.Missing);

    public static MapNode Of(MapWorkload workload, NodeSums sums) => Node(
        workload.Id, "workload", workload.Workload.Namespace, workload.Workload.Kind, workload.Workload.Name, workload.Workload.Owner, 1, workload.IsExternal, sums);

    public static MapNode Node(
        string id, string type, string space, string kind, string name, string owner, int workloads, bool external, NodeSums sums) => new(
        id,
        type,
        space,
        kind,
        name,
        owner,
        workloads,
        external,
        Round(sums.RateOut),
        Round(sums.RateIn),
        sums.BytesOut,
        sums.BytesIn,
        sums.Active,
        sums.Opened,
        sums.Failed,
        Round(sums.FailedRate, 4));

    public static MapEdgeDto Of(MapEdge edge) => Edge(MapIds.OfEdge(edge.Id), edge.From.Id, edge.To.Id, "edge", [edge.Port], edge.Sums);

    public static MapEdgeDto Edge(string id, string from, string to, string type, IReadOnlyList<int> ports, in EdgeSums sums) => new(
        id,
        from,
        to,
        type,
        ports,
        sums.Links,
        Round(sums.Rate),
        sums.BytesToServer,
        sums.BytesToClient,
        Round(sums.RateToServer),
        Round(sums.RateToClient),
        sums.Active,
        sums.Opened,
        sums.Failed,
        Round(sums.OpenedRate, 4),
        Round(sums.FailedRate, 4),
        sums.RttSamples == 0 ? null : Round(sums.RttMs, 3),
        Time(sums.FirstMs),
        Time(sums.LastMs / SeenStepMs * SeenStepMs));

    public static DateTimeOffset? Time(long unixMs) => unixMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(unixMs);

    public static double Round(double rate, int digits = 1) => Math.Round(rate, digits);
}
