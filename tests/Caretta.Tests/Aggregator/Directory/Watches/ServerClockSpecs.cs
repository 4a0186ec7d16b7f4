using Caretta.Aggregator.Directory.Objects;
using Caretta.FakeCluster;

namespace Caretta.Tests.Aggregator.Directory.Watches;

public class ServerClockSpecs
{
    [Theory]
    [InlineData(-7200)]
    [InlineData(0)]
    [InlineData(7200)]
    public async Task An_object_is_as_old_as_the_servers_clock_says_whatever_ours_says(int serverAhead)
    {
        var server = new ManualTime(new ManualTime().GetUtcNow().AddSeconds(serverAhead));
        var cluster = new SimulatedCluster(server);
        cluster.Put(Manifest.Pod("shop", "old").CreatedAt(server.GetUtcNow().AddMinutes(-5)));
        await using var test = await WatchUnderTest.WatchingAsync(cluster);
        Assert.Equal(TimeSpan.FromMinutes(-5), test.Sink.All<ClusterPod>()[0].CreatedAt);

        // The response of the watch began a minute ago: the server's time has gone on as ours has.
        server.Pass(TimeSpan.FromMinutes(1));
        test.Time.Pass(TimeSpan.FromMinutes(1));
        cluster.Put(Manifest.Pod("shop", "new"));
        await test.Sink.Until(sink => sink.Changes.Count == 1);
        Assert.Equal(TimeSpan.FromMinutes(1), test.Sink.Changes[0].CreatedAt);
    }
}
