using Caretta.Aggregator.Links;
using Caretta.Aggregator.Map;
using Caretta.Aggregator.Map.Model;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;
using CsCheck;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>Links as the map knows them.</summary>
internal static class MapFacts
{
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_772_366_400_000);

    /// <summary>Clusters of a few workloads in a few namespaces, each pair seen by one end, the other, or both.</summary>
    public static readonly Gen<LinkFact[]> AnyCluster = Gen
        .Select(Gen.Int[0, 19], Gen.Int[0, 19], Gen.Int[1, 3], Gen.Int[1, 3], Gen.ULong[0, 1_000_000], Gen.ULong[0, 1_000_000], Gen.Int[0, 9], Gen.Int[0, 3])
        .Array[0, 60]
        .Select(pairs => pairs.DistinctBy(pair => (pair.Item1, pair.Item2, pair.Item3)).SelectMany(pair => Roles(pair.Item4).Select(role => Fact(
            new NetworkLink(Workload(pair.Item1), Workload(pair.Item2), (ushort)pair.Item3, role),
            sent: role == Role.Client ? pair.Item5 : pair.Item6,
            received: role == Role.Client ? pair.Item6 : pair.Item5,
            sentRate: pair.Item7,
            failed: (ulong)pair.Item8))).ToArray());

    public static LinkFact Fact(
        NetworkLink link, ulong sent = 0, ulong received = 0, float sentRate = 0, float receivedRate = 0, ulong failed = 0, uint established = 0, long firstMs = 1, long lastMs = 1) =>
        new(
            link,
            LinkFact.EdgeIdOf(link),
            new LinkFigures(sent, received, 3, 2, failed, 7, 4000, 4),
            new LinkRates(sentRate, receivedRate, 0, 0, 0, 0),
            Traffic.Levels(established),
            new LinkSeen(firstMs, lastMs));

    public static NetworkLink Link(string client, string server, ushort port = 80, Role role = Role.Client) => new(Named(client), Named(server), port, role);

    public static MapModel Model(params IEnumerable<LinkFact> links) => MapModel.Of(1, Now, MembersAnswered.Nobody, links);

    /// <param name="name">namespace/name.</param>
    public static Workload Named(string name) => name.Split('/') is [var space, var own] ? new Workload(space, space == "external" ? "external" : "Deployment", own) : throw new ArgumentException(name);

    private static Workload Workload(int number) => new(number % 5 == 0 ? "external" : $"team-{number % 5}", "Deployment", $"service-{number}");

    private static IEnumerable<Role> Roles(int mask) => Enum.GetValues<Role>().Where(role => (mask & (int)role) != 0);
}
