using Akka.Actor;
using Caretta.Aggregator.Cluster;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>A name that is misspelt in a configuration is no fault to Akka: the actors would run where they always did.</summary>
public sealed class ClusterThreadsSpecs : IAsyncLifetime
{
    private MemberUnderTest _member = null!;

    public async ValueTask InitializeAsync()
    {
        _member = await MemberUnderTest.StartAsync(seeds: "");
        await MemberUnderTest.UntilAsync(() => _member.Sees(1));
    }

    public ValueTask DisposeAsync() => _member.DisposeAsync();

    [Theory]
    [InlineData("/system/cluster/core/daemon")]
    [InlineData("/system/cluster/core/daemon/heartbeatSender")]
    [InlineData("/system/cluster/core/daemon/downingProvider")]
    [InlineData("/system/cluster/heartbeatReceiver")]
    [InlineData("/user/membership")]
    [InlineData("/user/ownership")]
    public async Task What_a_members_standing_hangs_on_runs_in_threads_of_its_own(string actor)
    {
        var found = await _member.System.ActorSelection(actor).ResolveOne(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(ClusterHocon.Dispatcher, ((LocalActorRef)found).Cell.Dispatcher.Id);
    }

    [Theory]
    [InlineData(ClusterHocon.Dispatcher)]
    [InlineData("akka.remote.default-remote-dispatcher")]
    public async Task These_threads_are_not_the_common_pools(string dispatcher)
    {
        var isPools = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _member.System.Dispatchers.Lookup(dispatcher).Schedule(() => isPools.SetResult(Thread.CurrentThread.IsThreadPoolThread));
        Assert.False(await isPools.Task);
    }
}
