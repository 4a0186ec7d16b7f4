using Akka.Actor;
using Caretta.Aggregator.Cluster;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>A name that is misspelt in a configuration is no fault to Akka: the actors would run where they always did.</summary>
public sealed class ClusterThreadsSpecs : IAsyncLifetime
{
    private const string RemoteDispatcher = "akka.remote.default-remote-dispatcher";

    private MemberUnderTest _member = null!;

    public async ValueTask InitializeAsync()
    {
        _member = await MemberUnderTest.StartAsync(seeds: "");
        _member.Database.BecomeReady(shared: false);
        await MemberUnderTest.UntilAsync(() => _member.Sees(1));
    }

    public ValueTask DisposeAsync() => _member.DisposeAsync();

    [Theory]
    [InlineData("/system/cluster/core/daemon/heartbeatSender", ClusterHocon.Dispatcher)]
    [InlineData("/system/endpointManager", RemoteDispatcher)]
    public async Task Heartbeats_and_connections_among_members_have_threads_of_their_own(string actor, string dispatcher)
    {
        var found = await _member.System.ActorSelection(actor).ResolveOne(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(dispatcher, ((ActorCell)((ActorRefWithCell)found).Underlying).Dispatcher.Id);
    }

    [Theory]
    [InlineData(ClusterHocon.Dispatcher)]
    [InlineData(RemoteDispatcher)]
    public async Task These_threads_are_not_the_common_pools(string dispatcher)
    {
        var isPools = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _member.System.Dispatchers.Lookup(dispatcher).Schedule(() => isPools.SetResult(Thread.CurrentThread.IsThreadPoolThread));
        Assert.False(await isPools.Task);
    }
}
