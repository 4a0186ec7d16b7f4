using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using Caretta.Node.Forward;
using Caretta.Node.Probe;
using Caretta.Tests.Node.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Caretta.Tests.Node.Probe;

/// <summary>The test's own actor hears all that the forwarder is told.</summary>
public sealed class ProbeActorSpecs : TestKit
{
    private readonly AgentUnderTest _agent = new();
    private readonly FakeSocket _socket;
    private readonly ProbeHealth _health;

    public ProbeActorSpecs()
        : base($"akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\nakka.test.single-expect-default = 60s\n{ProbeActor.DispatcherConfig}")
    {
        _health = new ProbeHealth(_agent.Time, _agent.Options.PollInterval);
        _socket = _agent.Kernel.Connect(80);
        _socket.Sent = 100;
    }

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task It_tells_what_the_ledger_holds_then_what_each_poll_adds()
    {
        var probe = await Started();
        Assert.Equal(100UL, await ReportedTotal());
        _socket.Sent += 20;
        await NextPoll(probe);
        Assert.Equal(120UL, await ReportedTotal());
        Assert.True(_health.IsReady);
    }

    [Fact]
    public async Task It_polls_once_an_interval()
    {
        var probe = await Started();
        await ReportedTotal();
        await Settled(probe);
        Clock.Advance(_agent.Options.PollInterval - TimeSpan.FromMilliseconds(1));
        await Settled(probe);
        Assert.False(HasMessages);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        await ExpectMsgAsync<ReportsCommitted>();
    }

    [Theory]
    [InlineData(TableStep.Fold)]
    [InlineData(TableStep.Read)]
    public async Task Polls_go_on_after_one_that_failed(TableStep step)
    {
        var probe = await Started();
        await ReportedTotal();
        _socket.Sent += 20;
        _agent.Table.Refuse(step);
        await NextPoll(probe);
        Assert.False(HasMessages);
        Assert.False(_health.IsReady);
        Assert.True(_health.IsLive);
        await NextPoll(probe);
        Assert.Equal(120UL, await ReportedTotal());
        Assert.True(_health.IsReady);
    }

    [Fact]
    public async Task Nothing_is_told_that_is_not_committed()
    {
        var probe = await Started();
        await ReportedTotal();
        _socket.Sent += 20;
        _agent.Store.Fault = CommitFault.EverythingWritten; // for all it knows, nothing was
        await NextPoll(probe);
        Assert.False(HasMessages);
        await NextPoll(probe);
        Assert.Equal(120UL, await ReportedTotal());
    }

    [Fact]
    public async Task After_an_unforeseen_failure_it_begins_again_from_what_is_on_the_disk_with_a_new_forwarder()
    {
        var probe = await Started();
        await ReportedTotal();
        _socket.Sent += 20;
        var loads = _agent.Store.Loads;
        _agent.Table.Meanwhile = step => throw new InvalidOperationException($"Unforeseen in {step}.");
        await Settled(probe);
        Clock.Advance(_agent.Options.PollInterval);
        await ExpectMsgAsync(Relay.Stopped);
        await ExpectMsgAsync(Relay.Begun);
        await Settled(probe);
        Assert.False(HasMessages); // not at once: what failed may fail again

        _agent.Table.Meanwhile = _ => { };
        await NextPoll(probe);
        var all = await ExpectMsgAsync<SourceStarted>();
        Assert.Equal(120UL, Assert.Single(all.Reports).Totals.SentBytes);
        Assert.Equal(loads + 1, _agent.Store.Loads);
        Assert.True(_agent.Table.Attached);
    }

    [Fact]
    public async Task A_refused_incarnation_is_followed_by_a_new_one_at_once()
    {
        var probe = await Started();
        var old = (await ExpectMsgAsync<ReportsCommitted>()).Source;
        probe.Tell(new IncarnationRefused(old, "holds more"));
        var next = await ExpectMsgAsync<SourceStarted>();
        Assert.Equal(old.NodeName, next.Source.NodeName);
        Assert.NotEqual(old.Incarnation, next.Source.Incarnation);
        Assert.Empty(next.Reports);

        _socket.Sent += 20;
        await NextPoll(probe);
        Assert.Equal(20UL, await ReportedTotal());
    }

    [Fact]
    public async Task A_refusal_of_an_incarnation_that_is_over_changes_nothing()
    {
        var probe = await Started();
        var source = (await ExpectMsgAsync<ReportsCommitted>()).Source;
        probe.Tell(new IncarnationRefused(source with { Incarnation = Guid.NewGuid() }, "late"));
        await Settled(probe);
        Assert.False(HasMessages);
        Assert.Equal(source.Incarnation, _agent.Identity.Incarnation);
    }

    [Fact]
    public async Task Polls_keep_their_pace_after_a_refusal()
    {
        var probe = await Started();
        var source = (await ExpectMsgAsync<ReportsCommitted>()).Source;
        probe.Tell(new IncarnationRefused(source, "holds more"));
        await ExpectMsgAsync<SourceStarted>();
        await NextPoll(probe);
        await ExpectMsgAsync<ReportsCommitted>();
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task Told_to_detach_on_stop_it_leaves_nothing_pinned_and_nothing_uncounted()
    {
        _agent.Options.DetachOnStop = true;
        var table = await StartedAndStopped();
        Assert.Null(_agent.Kernel.Pinned);
        Assert.Equal((120UL, true, false), (_agent.Total, _agent.Identity.Detached, table.Attached));
        Assert.Equal([120UL], _agent.Store.Contents!.Carried.Select(account => account.Sent));
        Assert.True(table.Disposed && _agent.Store.Disposed);
    }

    [Fact]
    public async Task Otherwise_the_programs_go_on_counting()
    {
        var table = await StartedAndStopped();
        Assert.Same(table, _agent.Kernel.Pinned);
        Assert.True(table.Attached && table.Disposed && _agent.Store.Disposed);
        Assert.DoesNotContain(TableStep.Detach, table.Calls);
    }

    [Theory]
    [InlineData(TableStep.Detach)]
    [InlineData(TableStep.Read)]
    [InlineData(TableStep.Remove)]
    public async Task A_detach_that_fails_keeps_the_counts_and_lets_go_of_everything(TableStep step)
    {
        _agent.Options.DetachOnStop = true;
        var table = await StartedAndStopped(refused: step);
        Assert.Same(table, _agent.Kernel.Pinned);
        Assert.True(table.Disposed && _agent.Store.Disposed);
        _agent.Start().Run();
        Assert.Equal(120UL, _agent.Total);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _agent.Dispose();
    }

    private async Task<IActorRef> Started()
    {
        var poller = _agent.Start();
        var probe = Sys.ActorOf(ProbeActor.Props(
            poller, _agent.Options, _health, NullLogger.Instance, context => context.ActorOf(Props.Create(() => new Relay(TestActor)))));
        await ExpectMsgAsync(Relay.Begun);
        await ExpectMsgAsync<SourceStarted>();
        return probe;
    }

    private async Task<FakeFlowTable> StartedAndStopped(TableStep? refused = null)
    {
        var probe = await Started();
        await ReportedTotal();
        _socket.Sent += 20;
        var table = _agent.Table;
        if (refused is { } step)
        {
            table.Refuse(step);
        }

        await WatchAsync(probe);
        Sys.Stop(probe);
        await ExpectMsgAsync(Relay.Stopped);
        await ExpectTerminatedAsync(probe);
        return table;
    }

    private async Task<ulong> ReportedTotal() => Assert.Single((await ExpectMsgAsync<ReportsCommitted>()).Reports).Totals.SentBytes;

    /// <summary>The poll that is due has ended when this returns.</summary>
    private async Task NextPoll(IActorRef probe)
    {
        await Settled(probe);
        Clock.Advance(_agent.Options.PollInterval);
        await Settled(probe);
    }

    /// <summary>All that was sent to it before has been dealt with, and what it told the forwarder has arrived here.</summary>
    private async Task Settled(IActorRef probe)
    {
        await probe.Ask<ActorIdentity>(new Identify(null));
        await Sys.ActorSelection(probe.Path / "*").Ask<ActorIdentity>(new Identify(null));
    }

    private sealed class Relay(IActorRef to) : UntypedActor
    {
        public const string Begun = "begun";
        public const string Stopped = "stopped";

        protected override void PreStart() => to.Tell(Begun);

        protected override void PostStop() => to.Tell(Stopped);

        protected override void OnReceive(object message) => to.Tell(message);
    }
}
