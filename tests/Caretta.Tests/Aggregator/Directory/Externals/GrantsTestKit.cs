using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Shards;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Directory.Externals;

/// <summary>The grants on a real journal, and agents that ask for them as from another member: in bytes.</summary>
public abstract class GrantsTestKit : TestKit
{
    private const string Hocon = "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"";

    private readonly JournalledShard _journalled;
    private ulong _lastId;

    private protected GrantsTestKit()
        : this(new JournalledShard())
    {
    }

    private GrantsTestKit(JournalledShard journalled)
        : base(journalled.StartSystem(Hocon))
    {
        _journalled = journalled;
        Gate = JournalGate.Of(Sys);
        Agent = CreateTestProbe("agent");
        Grants = Start();
    }

    private protected GrantSettings Settings { get; set; } = new(MaxPerWorkload: 3, SnapshotEvery: 500, ExpireAfter: TimeSpan.FromHours(24));

    private protected ExternalMetrics Metrics { get; private set; } = null!;

    private protected JournalGate Gate { get; }

    private protected TestProbe Agent { get; }

    private protected IActorRef Grants { get; private set; }

    private protected TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    private protected long Events => Rows("SELECT COUNT(*) FROM journal WHERE deleted = 0");

    private protected long Rows(string sql) => _journalled.Ask(sql);

    private protected ulong Ask(TestProbe agent, ulong local, params ulong[] externals)
    {
        Grants.Tell(Crossed(new AskGrants(++_lastId, [.. externals.Select(external => new GrantPair(local, external))])), agent);
        return _lastId;
    }

    /// <summary>Those of them that are granted.</summary>
    private protected async Task<IEnumerable<ulong>> GrantedAsync(ulong local, params ulong[] externals)
    {
        var id = Ask(Agent, local, externals);
        var given = Crossed(await Agent.ExpectMsgAsync<GrantsGiven>());
        Assert.Equal((id, externals.Length), (given.Id, given.Granted.Count));
        return externals.Where((_, index) => given.Granted[index]);
    }

    /// <summary>A question that needs no journal, so it is answered after all that was decided before.</summary>
    private protected async Task SettleAsync() => Assert.Empty(await GrantedAsync(local: 1));

    private protected async Task RestartAsync()
    {
        Watch(Grants);
        Sys.Stop(Grants);
        await ExpectTerminatedAsync(Grants);
        Grants = Start();
        await SettleAsync();
    }

    private protected void StartAgain() => Grants = Start();

    private protected IActorRef StartSupervised() => Grants = Sys.ActorOf(ExternalGrantsActor.Supervised(Settings, Metrics, _journalled.Time));

    /// <summary>The clock, and the timer that makes the grants look.</summary>
    private protected void Pass(TimeSpan time)
    {
        _journalled.Time.Pass(time);
        Clock.Advance(Settings.ExpireAfter / 24);
    }

    private protected void PassUnnoticed(TimeSpan time) => _journalled.Time.Pass(time);

    private protected Task EventuallyAsync(Func<bool> condition) =>
        AwaitConditionAsync(condition, max: null, interval: TimeSpan.FromMilliseconds(10));

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _journalled.Dispose();
    }

    /// <summary>By the serializer that the system has for it, there and back.</summary>
    private T Crossed<T>(T message)
        where T : IMemberMessage
    {
        var serializer = Assert.IsType<MemberSerializer>(Sys.Serialization.FindSerializerFor(message));
        return (T)Sys.Serialization.Deserialize(serializer.ToBinary(message), serializer.Identifier, serializer.Manifest(message));
    }

    private IActorRef Start()
    {
        Metrics = new ExternalMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        return Sys.ActorOf(ExternalGrantsActor.Props(Settings, Metrics, _journalled.Time));
    }
}
