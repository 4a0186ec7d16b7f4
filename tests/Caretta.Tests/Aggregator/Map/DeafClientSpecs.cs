using Caretta.Aggregator.Map;
using Caretta.Aggregator.Map.Http;
using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Map.Views;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>Pages that ask for the largest view over real sockets and do not read, while the whole map changes many times a second.</summary>
[Collection(AloneGroup.Name)]
public class DeafClientSpecs
{
    private const string Largest = "/api/v1/stream?expand=*&maxNodes=1000&maxEdges=3000";
    private const int Clients = 5;
    private const int Edges = 3000;
    private const long FirstNumber = 1_000_000; // above those that the member makes itself
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);

    private static readonly NetworkLink[] Links =
        [.. Enumerable.Range(0, Edges).Select(number => MapFacts.Link($"team-{number % 9}/client-{number % 500}", $"team-{number % 7}/server-{number / 6}"))];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_cut_off_and_what_they_do_not_read_is_kept_nowhere()
    {
        await using var aggregator = await RunningAggregator.StartAsync();
        using var changing = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await aggregator.GetAsync("/api/v1/map");
        var size = Publish(aggregator.Feed, 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        List<DeafClient> clients = [];
        for (var client = 0; client < Clients; client++)
        {
            clients.Add(await DeafClient.AskAsync(aggregator.Http, Largest, Cancel));
        }

        var change = ChangeAsync(aggregator.Feed, changing.Token);
        await Task.WhenAll(clients.Select(client => client.CutAsync(Cancel)));
        await Eventually.TrueAsync(() => aggregator.Feed.Streams == 0); // a client sees the cut before the member is done with it
        var after = GC.GetTotalMemory(forceFullCollection: true);
        await changing.CancelAsync();
        var (maps, during) = await change;

        Assert.Equal(Clients, await aggregator.MetricAsync("caretta_aggregator_map_streams_dropped_total"));
        Assert.Equal(0, await aggregator.MetricAsync("caretta_aggregator_map_streams"));
        // A second's maps would be more than that, were they kept for them.
        var offered = (long)maps * size * Clients;
        Assert.True(during - before < 60_000_000, $"{(during - before) / 1e6:F0} MB are in use for {Clients} clients that were offered {offered / 1e6:F0} MB.");
        Assert.NotEqual(0, offered);
        Assert.InRange(after - before, long.MinValue, 30_000_000);
        clients.ForEach(client => client.Dispose());
    }

    /// <returns>How many maps came while all clients were there, and the most memory that was in use then.</returns>
    private static async Task<(int Maps, long Most)> ChangeAsync(MapFeed feed, CancellationToken cancel)
    {
        using var pace = new PeriodicTimer(Pace);
        var (maps, counted, most) = (0, 0, 0L);
        try
        {
            while (await pace.WaitForNextTickAsync(cancel))
            {
                Publish(feed, (ulong)++maps);
                if (maps % 10 == 0 && feed.Streams == Clients)
                {
                    (counted, most) = (maps, Math.Max(most, GC.GetTotalMemory(forceFullCollection: true)));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // all have been cut off
        }

        return (counted, most);
    }

    /// <returns>Bytes of the largest view of it.</returns>
    private static int Publish(MapFeed feed, ulong sent)
    {
        var model = MapModel.Of(FirstNumber + (long)sent, MapFacts.Now.AddSeconds(sent), MembersAnswered.Nobody, Links.Select(link => MapFacts.Fact(link, sent)));
        feed.Publish(model);
        return sent > 0 ? 0 : MapJson.Write(MapView.Of(model, new MapQuery { Expanded = [MapQuery.Everything], MaxNodes = MapQuery.MostNodes, MaxEdges = MapQuery.MostEdges }, Pace)).Length;
    }
}
