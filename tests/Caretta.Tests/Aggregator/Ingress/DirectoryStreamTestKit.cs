using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using Caretta.Aggregator;
using Caretta.Aggregator.Ingress;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Caretta.Tests.Aggregator.Directory;
using Caretta.Tests.Aggregator.Fakes;
using ExternalPair = Caretta.Messages.ExternalPair;
using Subject = Caretta.Messages.Subject;

namespace Caretta.Tests.Aggregator.Ingress;

/// <summary>A stream's actor with a real directory, and a channel that stands for the agent, who reads when the spec does.</summary>
public abstract class DirectoryStreamTestKit : TestKit
{
    private const int Shards = 1;

    private const string Hocon = """
        akka { loglevel = OFF, stdout-loglevel = OFF, test.single-expect-default = 60s }
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        """;

    private readonly Outgoing _agent;

    /// <param name="room">Messages the agent need not have read.</param>
    private protected DirectoryStreamTestKit(int room = 10_000)
        : base(Hocon)
    {
        _agent = new Outgoing(room);
        Grants = CreateTestProbe("grants");
        var metrics = new AggregatorMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        var refusals = new Refusals(metrics);
        var settings = new StreamSettings(Shards, TimeSpan.FromHours(1), "member", "test");
        var (agent, directory, region) = (_agent, Under.Directory, CreateTestProbe("region"));
        var hello = new AgentHello(Traffic.Source("node-a"), TimeSpan.FromSeconds(5), MayReopen: false);
        Stream = Sys.ActorOf(Props.Create(() => new StreamActor(
            hello, settings, region, agent, new InFlight(Shards), refusals, metrics, directory, Grants.Ref, TimeProvider.System)));
        Stream.Tell(new NodeAnswer("node-a", NodeVerdict.Granted), CreateTestProbe("keeper"));
        region.ExpectMsg<NodeEnvelope>();
        Assert.True(_agent.Reader.WaitToReadAsync().AsTask().Wait(TimeSpan.FromMinutes(1)));
        Assert.True(_agent.Reader.TryRead(out var welcome) && welcome.Welcome is not null);
    }

    private protected DirectoryUnderTest Under { get; } = new();

    private protected TestProbe Grants { get; }

    private protected IActorRef Stream { get; }

    private protected void Ask(ulong id, params IEnumerable<Subject> subjects) => Send(id, subjects, [], []);

    private protected void Forget(ulong id, params IEnumerable<Subject> forgotten) => Send(id, [], [], forgotten);

    private protected void AskGrants(ulong id, params IEnumerable<ExternalPair> externals) => Send(id, [], externals, []);

    private protected void Send(ulong id, IEnumerable<Subject> subjects, IEnumerable<ExternalPair> externals, IEnumerable<Subject> forgotten) =>
        Stream.Tell(new NameQuestions(
            id, [.. subjects.Select(subject => new SubjectQuestion(subject, Under.Directory.Now))], [.. externals], [.. forgotten]));

    private protected async Task<FromAggregator> NextAsync() => await _agent.Reader.ReadAsync(TestContext.Current.CancellationToken);

    private protected async Task<NameAnswers> NextNamesAsync()
    {
        var next = await NextAsync();
        Assert.Equal(FromAggregator.MessageOneofCase.Names, next.MessageCase);
        return next.Names.ToDomain(Under.Directory.Now);
    }

    /// <summary>The stream has been ended; what else it said has been read.</summary>
    private protected async Task ExpectEndAsync() => Assert.False(await _agent.Reader.WaitToReadAsync(TestContext.Current.CancellationToken));

    private protected bool IsUnread => _agent.Reader.TryPeek(out _);

    /// <summary>Until there is no room for another message.</summary>
    private protected int Fill()
    {
        var filled = 0;
        while (_agent.TryWrite(new FromAggregator()))
        {
            filled++;
        }

        return filled;
    }

    /// <summary>What the stream was sent before has been done.</summary>
    private protected async Task SettleAsync()
    {
        Stream.Tell(new Identify(null), TestActor);
        await ExpectMsgAsync<ActorIdentity>();
    }

    /// <summary>The stream's timers that are due by then have rung.</summary>
    private protected async Task PassAsync(TimeSpan time)
    {
        await SettleAsync();
        ((TestScheduler)Sys.Scheduler).Advance(time);
        await SettleAsync();
    }
}
