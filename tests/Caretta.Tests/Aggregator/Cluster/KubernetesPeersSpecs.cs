using Caretta.Aggregator;
using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Cluster.Formation;
using Caretta.FakeCluster;
using k8s;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>Pods and Lease over real HTTP, and the time when the spec says so.</summary>
public sealed class KubernetesPeersSpecs : IAsyncLifetime
{
    private const string Lease = "caretta/caretta-aggregator";
    private static readonly MemberAddress First = new("10.1.0.1", 7119);
    private static readonly MemberAddress Second = new("10.1.0.2", 7119);

    private readonly SimulatedCluster _cluster = new();
    private readonly ManualTime _time = new();
    private FakeApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster.Put(
            Manifest.Member("caretta", "a-1", "10.1.0.1"), Manifest.Member("caretta", "a-2", "10.1.0.2", ready: true),
            Manifest.Member("caretta", "a-3", "10.1.0.3").Terminating(DateTimeOffset.UnixEpoch), Manifest.Member("elsewhere", "a-4", "10.1.0.4"),
            Manifest.Pod("caretta", "other", ["10.1.0.5"]), Manifest.Pod("caretta", "unborn"));
        _api = await FakeApiServer.StartAsync(_cluster);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Peers_are_the_labelled_pods_with_an_address_that_do_not_end()
    {
        using var peers = Peers();
        Assert.Equal([(Second, true)], (await peers.FindAsync(First)).Peers);
        Assert.Equal([(First, false)], (await peers.FindAsync(Second)).Peers);
    }

    [Fact]
    public async Task Of_two_that_start_at_once_one_may_begin_a_cluster()
    {
        using var one = Peers();
        using var other = Peers();
        var found = await Task.WhenAll(one.FindAsync(First), other.FindAsync(Second));
        Assert.Single(found, peers => peers.MayNotFound is null);
    }

    [Fact]
    public async Task A_holder_that_died_is_followed_after_the_leases_time_and_not_before()
    {
        using var dead = Peers();
        using var other = Peers();
        Assert.Null((await dead.FindAsync(First)).MayNotFound);
        Assert.Contains("10.1.0.1:7119", (await other.FindAsync(Second)).MayNotFound, StringComparison.Ordinal);
        _time.Pass(KubernetesPeers.LeaseDuration - TimeSpan.FromMilliseconds(1));
        Assert.NotNull((await other.FindAsync(Second)).MayNotFound);
        _time.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Null((await other.FindAsync(Second)).MayNotFound);
        Assert.False(await dead.HoldAsync(First));
        Assert.StartsWith("10.1.0.2:7119/", _api.Leases.Holder(Lease), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_holder_renews_it_nobody_else_gets_it()
    {
        using var holder = Peers();
        using var other = Peers();
        await holder.FindAsync(First);
        for (var round = 0; round < 20; round++)
        {
            Assert.NotNull((await other.FindAsync(Second)).MayNotFound);
            _time.Pass(TimeSpan.FromSeconds(2.5));
            Assert.True(await holder.HoldAsync(First));
        }
    }

    [Fact]
    public async Task Without_the_api_server_nobody_may_and_afterwards_the_holder_has_its_time_again()
    {
        using var holder = Peers();
        using var other = Peers();
        await holder.FindAsync(First);
        await other.FindAsync(Second);
        await _api.StopAsync();
        _time.Pass(TimeSpan.FromMinutes(5));
        await Assert.ThrowsAsync<IOException>(() => other.FindAsync(Second));
        await _api.StartAsync();
        Assert.NotNull((await other.FindAsync(Second)).MayNotFound);
        Assert.True(await holder.HoldAsync(First));
    }

    private KubernetesPeers Peers() => new(
        new KubernetesClientConfiguration { Host = _api.Address.AbsoluteUri }, new AggregatorOptions { PeerNamespace = "caretta" }, _time);
}
