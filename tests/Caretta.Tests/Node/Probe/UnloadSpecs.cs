using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using Caretta.Node.Forward;
using Caretta.Node.Probe;
using Caretta.Tests.Node.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Caretta.Tests.Node.Probe;

/// <summary>What the probe does when an aggregator has the host unloaded. The test's own actor is the forwarder.</summary>
public sealed class UnloadSpecs : TestKit
{
    private readonly AgentUnderTest _agent = new();
    private readonly FakeSocket _socket;
    private readonly ProbeHealth _health;

    public UnloadSpecs()
        : base($"akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\nakka.test.single-expect-default = 60s\n{ProbeActor.DispatcherConfig}")
    {
        _health = new ProbeHealth(_agent.Time, _agent.Options.PollInterval);
        _socket = _agent.Kernel.Connect(80);
        _socket.Sent = 100;
    }

    [Fact]
    public async Task Nothing_stays_in_the_kernel_and_the_last_counts_are_told_before_that()
    {
        var probe = await StartedAsync();
        var table = _agent.Table;
        _socket.Sent += 20;
        probe.Tell(new UnloadAsked(1), TestActor);

        Assert.Equal(120UL, Assert.Single((await ExpectMsgAsync<ReportsCommitted>()).Reports).Totals.SentBytes);
        Assert.Equal(new UnloadEnded(1, null), await ExpectMsgAsync<UnloadEnded>());
        Assert.Null(_agent.Kernel.Pinned);
        Assert.True(!table.Attached && table.Disposed && _agent.Store.Disposed);
        Assert.True(_agent.Identity.Detached);
    }

    [Fact]
    public async Task It_stays_idle_whatever_comes_and_says_so_when_it_is_asked_again()
    {
        var probe = await StartedAsync();
        var table = _agent.Table;
        var calls = await UnloadedAsync(probe);
        await PassAsync(probe, _agent.Options.PollInterval * 100);
        probe.Tell(new IncarnationRefused(new(_agent.Identity.NodeName, _agent.Identity.Incarnation), "retired"), TestActor);
        probe.Tell(new DirectoryLost(TimeSpan.Zero), TestActor);
        probe.Tell(new UnloadAsked(7), TestActor);

        Assert.Equal(new UnloadEnded(7, null), await ExpectMsgAsync<UnloadEnded>());
        Assert.Equal(calls, table.Calls.Count);
        Assert.Null(_agent.Kernel.Pinned);
    }

    [Fact]
    public async Task It_is_alive_and_not_ready_until_it_is_started_anew()
    {
        var probe = await StartedAsync();
        await probe.Ask<ActorIdentity>(new Identify(null)); // what a poll found is told before its end is noted
        Assert.True(_health.IsReady);
        await UnloadedAsync(probe);
        _agent.Time.Pass(TimeSpan.FromHours(1));
        Assert.True(_health.IsLive && !_health.IsReady);
    }

    [Fact]
    public async Task Its_end_does_not_detach_a_second_time_and_the_next_start_loses_nothing()
    {
        _agent.Options.DetachOnStop = true;
        var probe = await StartedAsync();
        var table = _agent.Table;
        var calls = await UnloadedAsync(probe);
        await WatchAsync(probe);
        Sys.Stop(probe);
        await ExpectTerminatedAsync(probe);
        Assert.Equal(calls, table.Calls.Count);

        _socket.Sent += 30;
        _agent.Start().Run();
        Assert.Equal(130UL, _agent.Total);
    }

    [Theory]
    [InlineData(TableStep.Detach)]
    [InlineData(TableStep.Read)]
    [InlineData(TableStep.Remove)]
    public async Task A_step_that_fails_is_told_polls_end_so_that_the_process_is_started_anew_and_asking_again_may_do(TableStep step)
    {
        var probe = await StartedAsync();
        _agent.Table.Refuse(step);
        probe.Tell(new UnloadAsked(1), TestActor);
        Assert.Contains("caretta-node unload", (await ExpectMsgAsync<UnloadEnded>()).Problem!, StringComparison.Ordinal);
        Assert.NotNull(_agent.Kernel.Pinned);

        await PassAsync(probe, _agent.Options.PollInterval * 2);
        Assert.False(HasMessages);
        _agent.Time.Pass(TimeSpan.FromHours(1));
        Assert.False(_health.IsLive);

        probe.Tell(new UnloadAsked(2), TestActor);
        await ExpectMsgAsync<ReportsCommitted>();
        Assert.Equal(new UnloadEnded(2, null), await ExpectMsgAsync<UnloadEnded>());
        Assert.Null(_agent.Kernel.Pinned);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _agent.Dispose();
    }

    private async Task<IActorRef> StartedAsync()
    {
        var poller = _agent.Start();
        var probe = Sys.ActorOf(ProbeActor.Props(poller, _agent.Options, _health, NullLogger.Instance, _ => TestActor));
        await ExpectMsgAsync<SourceStarted>();
        await ExpectMsgAsync<ReportsCommitted>();
        return probe;
    }

    /// <returns>What was asked of the table until then.</returns>
    private async Task<int> UnloadedAsync(IActorRef probe)
    {
        var table = _agent.Table;
        probe.Tell(new UnloadAsked(1), TestActor);
        await ExpectMsgAsync<ReportsCommitted>();
        await ExpectMsgAsync<UnloadEnded>();
        return table.Calls.Count;
    }

    private async Task PassAsync(IActorRef probe, TimeSpan time)
    {
        await probe.Ask<ActorIdentity>(new Identify(null));
        ((TestScheduler)Sys.Scheduler).Advance(time);
        await probe.Ask<ActorIdentity>(new Identify(null));
    }
}
