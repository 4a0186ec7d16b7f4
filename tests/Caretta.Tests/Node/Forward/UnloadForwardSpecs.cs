using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Caretta.Node.Forward;
using Prometheus;
using Source = Caretta.Messages.Source;

namespace Caretta.Tests.Node.Forward;

/// <summary>Whom the agent obeys, and whom it answers. The test's own actor is the probe.</summary>
public sealed class UnloadForwardSpecs : TestKit
{
    private readonly TestProbe _aggregator;
    private readonly FakeUplinks _uplinks;
    private readonly ForwarderMetrics _metrics = new(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));

    public UnloadForwardSpecs()
        : base("akka.test.single-expect-default = 60s")
    {
        _aggregator = CreateTestProbe("aggregator");
        _uplinks = new FakeUplinks(_aggregator);
        IgnoreMessages<DirectoryLost>(_ => true);
    }

    [Fact]
    public async Task An_aggregator_that_has_proven_itself_is_obeyed_and_told_how_it_went()
    {
        var forwarder = await WelcomedAsync(obeys: true);
        _uplinks.Say(new FromAggregator { Unload = new Unload() });
        Assert.Equal(new UnloadAsked(1), await ExpectMsgAsync<UnloadAsked>());

        forwarder.Tell(new UnloadEnded(1, "busy"), TestActor);
        Assert.Equal("busy", (await _aggregator.ExpectMsgAsync<FromNode>()).Unloaded.Problem);
        Assert.Equal(0, _metrics.Unloaded.Value);
        forwarder.Tell(new UnloadEnded(1, null), TestActor);
        Assert.Equal("", (await _aggregator.ExpectMsgAsync<FromNode>()).Unloaded.Problem);
        Assert.Equal(1, _metrics.Unloaded.Value);
    }

    [Fact]
    public async Task Without_TLS_nobody_is_obeyed_and_that_is_counted_and_told()
    {
        await WelcomedAsync(obeys: false);
        _uplinks.Say(new FromAggregator { Unload = new Unload() });
        Assert.Contains("without TLS", (await _aggregator.ExpectMsgAsync<FromNode>()).Unloaded.Problem, StringComparison.Ordinal);
        Assert.Equal(1, _metrics.UnloadsRefused.Value);
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task The_answer_is_for_the_stream_it_was_asked_on_and_no_other()
    {
        var forwarder = await WelcomedAsync(obeys: true);
        forwarder.Tell(new UnloadEnded(0, null), TestActor);
        forwarder.Tell(new UnloadEnded(1, null), TestActor);
        Assert.NotNull((await _aggregator.ExpectMsgAsync<FromNode>()).Unloaded);
        forwarder.Tell(new Identify(null), TestActor);
        await ExpectMsgAsync<ActorIdentity>();
        Assert.False(_aggregator.HasMessages);
    }

    [Fact]
    public async Task Before_its_welcome_an_aggregator_commands_nothing()
    {
        await StartedAsync(obeys: true);
        _uplinks.Say(new FromAggregator { Unload = new Unload() });
        await AwaitAssertAsync(() => Assert.Equal(1, _metrics.ConnectFailures.Value));
        Assert.False(HasMessages);
    }

    private async Task<IActorRef> StartedAsync(bool obeys)
    {
        var options = new ForwarderOptions([FakeUplinks.Member.Endpoint], TimeSpan.FromSeconds(5), "test") { Obeys = obeys };
        var forwarder = Sys.ActorOf(ForwarderActor.Props(options, _metrics, _uplinks.Find, _uplinks.Open, random: new Random(1)));
        forwarder.Tell(new SourceStarted(new Source("node-1", Guid.NewGuid()), 1, []) { Epochs = [new LedgerEpoch(9, 1)] }, TestActor);
        Assert.Equal(1, await _aggregator.ExpectMsgAsync<int>());
        Assert.Equal(3U, (await _aggregator.ExpectMsgAsync<FromNode>()).Hello.Protocol);
        return forwarder;
    }

    private async Task<IActorRef> WelcomedAsync(bool obeys)
    {
        var forwarder = await StartedAsync(obeys);
        _uplinks.Welcome();
        return forwarder;
    }
}
