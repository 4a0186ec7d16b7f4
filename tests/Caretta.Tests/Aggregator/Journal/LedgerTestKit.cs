using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

/// <summary>One shard on a real journal, and the agent that reports to it.</summary>
public abstract class LedgerTestKit : TestKit
{
    private protected static readonly NetworkLink[] Links = [.. Traffic.LinksOfShard(JournalledShard.Number).Take(32)];

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private ulong _lastBatch;

    private protected LedgerTestKit(string hocon = "")
        : this(new JournalledShard(), hocon)
    {
    }

    private protected LedgerTestKit(IJournalUnderTest journal)
        : this(new JournalledShard(journal), hocon: "")
    {
    }

    private LedgerTestKit(JournalledShard journalled, string hocon)
        : base(journalled.StartSystem(hocon))
    {
        Journalled = journalled;
        Gate = JournalGate.Of(Sys);
        Agent = CreateTestProbe("agent");
        Shard = Journalled.Start(Sys);
    }

    private protected JournalledShard Journalled { get; }

    private protected JournalGate Gate { get; }

    private protected Source Source { get; } = Traffic.Source();

    private protected TestProbe Agent { get; }

    private protected IActorRef Shard { get; private set; }

    private protected long Events => Journalled.Ask("SELECT COUNT(*) FROM journal");

    private protected long Expiries => Journalled.Ask("SELECT COUNT(*) FROM journal WHERE manifest = 'links-expired-1'");

    /// <summary>After everything told to the link so far; only for links without levels.</summary>
    private protected async Task SettleAsync(NetworkLink link)
    {
        var probe = CreateTestProbe();
        Shard.Tell(new LinkEnvelope(link.Id, new AskWhetherIdle()), probe);
        await probe.ExpectMsgAsync<LinkIsIdle>();
    }

    private protected void Send(ulong watermark, params IReadOnlyList<Report> reports) => Send(Source, watermark, reports);

    private protected void Send(Source source, ulong watermark, params IReadOnlyList<Report> reports) =>
        Shard.Tell(
            new LedgerEnvelope(JournalledShard.Number, new TakeBatch(source, PollInterval, ++_lastBatch, watermark, reports)), Agent);

    private protected Task<ShardHeld> ReportAsync(ulong watermark, params IReadOnlyList<Report> reports) =>
        ReportAsync(Source, watermark, reports);

    /// <summary>Until it is acknowledged.</summary>
    private protected async Task<ShardHeld> ReportAsync(Source source, ulong watermark, params IReadOnlyList<Report> reports)
    {
        Send(source, watermark, reports);
        var held = await AnswerAsync();
        Assert.Equal(_lastBatch, held.BatchId);
        return held;
    }

    private protected async Task<ShardHeld> OpenAsync(Source? source = null)
    {
        Shard.Tell(new LedgerEnvelope(JournalledShard.Number, new OpenSource(source ?? Source, PollInterval)), Agent);
        return await AnswerAsync();
    }

    /// <summary>Ends the shard with all in it; what comes after knows only what the journal holds.</summary>
    private protected async Task RestartAsync()
    {
        Watch(Shard);
        Sys.Stop(Shard);
        await ExpectTerminatedAsync(Shard);
        Begin();
        await OpenAsync(Traffic.Source("somebody")); // is answered once all links have their totals back
    }

    private protected void Begin()
    {
        Shard = Journalled.Start(Sys);
        Shard.Tell(new LedgerEnvelope(JournalledShard.Number, new WakeLedger()), ActorRefs.NoSender);
    }

    /// <summary>As on another member, while the first one still believes that the shard is its own.</summary>
    private protected Task TakeOverAsync()
    {
        Shard = Journalled.Start(Sys);
        return OpenAsync();
    }

    private protected async Task<IActorRef> WatchLedgerAsync()
    {
        await OpenAsync();
        return Watch(Agent.LastSender);
    }

    /// <summary>For what nobody is told of: looks again until it is so.</summary>
    private protected Task EventuallyAsync(Func<bool> condition) =>
        AwaitConditionAsync(condition, max: null, interval: TimeSpan.FromMilliseconds(10));

    private protected async Task<List<ShardHeld>> AnswersAsync(int count)
    {
        var answers = new List<ShardHeld>();
        while (answers.Count < count)
        {
            answers.Add(await AnswerAsync());
        }

        return answers;
    }

    private protected async Task<ShardHeld> AnswerAsync() => await Agent.ExpectMsgAsync<ShardHeld>();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Journalled.Dispose();
    }
}
