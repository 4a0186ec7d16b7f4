using Akka.Actor;
using Akka.Hosting;
using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Map.Gather;
using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Map.Trails;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Caretta.Aggregator.Map.Http;

/// <summary>Asks the member's map.</summary>
internal sealed class MapClient(IRequiredActor<MapActor> map, MapFeed feed, MapSettings settings, MapMetrics metrics, ActorSystem system) : IMapSource
{
    /// <summary>Beyond the time others have to answer: making the map of what they told.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Where a new map does not come in time, since the processor has other work or a member hangs, an old one is better than none; it says that
    /// this member did not answer.
    /// </summary>
    /// <exception cref="AskTimeoutException">It did not answer, and never has.</exception>
    public async Task<MapModel> LookAsync(CancellationToken cancel)
    {
        var actor = await map.GetAsync(cancel);
        try
        {
            return await actor.Ask<MapModel>(new LookAtMap(), feed.HasMap ? settings.OldAfter : settings.AnswerWithin + Reserve, cancel);
        }
        catch (AskTimeoutException) when (feed.HasMap)
        {
            metrics.OldAnswers.Inc();
            return feed.Current.AsItWas($"{MemberAddress.Of(AkkaCluster.Get(system).SelfAddress)}");
        }
    }

    /// <summary>Of edges, each seen by one end or by both: bytes to their servers are sent.</summary>
    /// <exception cref="AskTimeoutException">It did not answer.</exception>
    public async Task<IReadOnlyDictionary<ulong, History>> HistoriesAsync(IReadOnlyCollection<MapEdge> edges, CancellationToken cancel)
    {
        var found = await FindAsync([.. edges.SelectMany(edge => edge.Roles).Select(link => link.Link.Id)], cancel);
        return edges.ToDictionary(edge => edge.Id, edge => History.Join(Of(found, edge.ByClient), Of(found, edge.ByServer)));
    }

    /// <summary>Of a link in its role.</summary>
    /// <exception cref="AskTimeoutException">It did not answer.</exception>
    public async Task<History> HistoryAsync(LinkFact link, CancellationToken cancel) =>
        History.Join(Of(await FindAsync([link.Link.Id], cancel), link), []);

    private static List<History> Of(HistoriesFound found, LinkFact? link) =>
        link is null ? [] : [.. found.Histories.Where(of => of.Key == link.Link.Id).Select(of => of.Value)];

    private async Task<HistoriesFound> FindAsync(IReadOnlyList<ulong> linkIds, CancellationToken cancel)
    {
        var actor = await map.GetAsync(cancel);
        return await actor.Ask<HistoriesFound>(new FindHistories(linkIds), settings.AnswerWithin + Reserve, cancel);
    }
}
