namespace Caretta.Aggregator.Map.Answers;

/// <param name="Type">edge: between two workloads at one port; bundle: of several; rest: what is not drawn by itself.</param>
/// <param name="Ports">Of a bundle those with the most traffic, ten at most.</param>
/// <param name="Links">Series on /metrics.</param>
/// <param name="Rate">Bytes a second, both ways.</param>
/// <param name="RttMs">Mean of lately, or of all time where nothing moved lately; null: never measured.</param>
/// <param name="FirstSeen">Null: before that was kept.</param>
/// <param name="LastSeen">When its totals last grew, or now if connections are open.</param>
internal sealed record MapEdgeDto(
    string Id,
    string From,
    string To,
    string Type,
    IReadOnlyList<int> Ports,
    int Links,
    double Rate,
    ulong BytesToServer,
    ulong BytesToClient,
    double RateToServer,
    double RateToClient,
    ulong Active,
    ulong Opened,
    ulong Failed,
    double OpenedRate,
    double FailedRate,
    double? RttMs,
    DateTimeOffset? FirstSeen,
    DateTimeOffset? LastSeen)
{
    public bool Equals(MapEdgeDto? other) => other is not null
        && (Id, From, To, Type, Links, Rate, RateToServer, RateToClient) == (other.Id, other.From, other.To, other.Type, other.Links, other.Rate, other.RateToServer, other.RateToClient)
        && (BytesToServer, BytesToClient, Active, Opened, Failed) == (other.BytesToServer, other.BytesToClient, other.Active, other.Opened, other.Failed)
        && (OpenedRate, FailedRate, RttMs, FirstSeen, LastSeen) == (other.OpenedRate, other.FailedRate, other.RttMs, other.FirstSeen, other.LastSeen)
        && Ports.SequenceEqual(other.Ports);

    public override int GetHashCode() => HashCode.Combine(Id, Rate, BytesToServer, BytesToClient);
}
