using Akka.TestKit;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

/// <summary>Which links are no longer exported, and which levels no longer believed.</summary>
public sealed class LedgerExpirySpecs() : LedgerTestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task A_link_nobody_reports_any_longer_is_exported_no_longer()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000), Traffic.Report(Links[1], sent: 20));
        Pass(TimeSpan.FromHours(23));
        await ReportAsync(watermark: 2, Traffic.Report(Links[1], sent: 20));
        Pass(TimeSpan.FromHours(1));
        await EventuallyAsync(() => Journalled.ShownLinks == 1);
        Assert.NotNull(Journalled.Shown(Links[1]));
    }

    [Fact]
    public async Task A_link_that_is_reported_again_comes_back_with_all_it_had()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        Pass(TimeSpan.FromHours(24));
        await EventuallyAsync(() => Journalled.ShownLinks == 0);

        await ReportAsync(watermark: 2, Traffic.Report(Links[0], sent: 1000)); // nothing new, and yet
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
        await RestartAsync(); // the journal knows that it is back
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
    }

    [Fact]
    public async Task An_expired_link_stays_so_after_a_restart_and_keeps_its_totals()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        Pass(TimeSpan.FromHours(24));
        await EventuallyAsync(() => Journalled.ShownLinks == 0);
        await RestartAsync();
        Assert.Equal(0, Journalled.ShownLinks);

        await ReportAsync(Traffic.Source("node-b"), watermark: 1, Traffic.Report(Links[0], sent: 20));
        await SettleAsync(Links[0]);
        Assert.Equal(1020UL, Journalled.Shown(Links[0])!.Totals.SentBytes);
    }

    [Fact]
    public async Task A_link_stays_while_a_source_of_it_is_away_and_expires_a_day_after_its_return()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        await RestartAsync(); // so its source is not connected
        Pass(TimeSpan.FromDays(3));
        await AnswerAndCommitAsync(Links[0]);
        Assert.Equal(0, Expiries);

        await OpenAsync();
        Pass(TimeSpan.FromHours(23));
        await AnswerAndCommitAsync(Links[0]);
        Assert.Equal(0, Expiries);

        await OpenAsync();
        Pass(TimeSpan.FromHours(1));
        await EventuallyAsync(() => Journalled.Shown(Links[0]) is null);
    }

    [Fact]
    public async Task A_link_with_open_connections_stays()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000, established: 1));
        Pass(TimeSpan.FromDays(3));
        await AnswerAndCommitAsync(Links[0]);
        Assert.Equal(0, Expiries);
        Assert.NotNull(Journalled.Shown(Links[0]));
    }

    [Fact]
    public async Task Levels_of_a_source_that_has_gone_are_dropped_and_its_totals_stay()
    {
        var stream = CreateTestProbe();
        var report = Traffic.Report(Links[0], sent: 1000, established: 4);
        Shard.Tell(new LedgerEnvelope(JournalledShard.Number, new TakeBatch(Source, TimeSpan.FromSeconds(5), 1, 1, [report])), stream);
        await stream.ExpectMsgAsync<ShardHeld>();
        await AskAsync(Links[0]);
        Assert.Equal(4U, Journalled.Shown(Links[0])!.Levels.ActiveConnections);

        Sys.Stop(stream);
        await EventuallyAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(15)); // three polls, counted from when the ledger knows
            return Journalled.Shown(Links[0])!.Levels.IsEmpty;
        });
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
        Assert.Equal(1, Journalled.Metrics.LevelsDropped.Value);
    }

    [Fact]
    public async Task Levels_of_an_earlier_incarnation_are_dropped_when_the_node_returns()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000, established: 4));
        var stream = CreateTestProbe();
        var anew = Source with { Incarnation = Guid.NewGuid() };
        Shard.Tell(new LedgerEnvelope(JournalledShard.Number, new OpenSource(anew, TimeSpan.FromSeconds(5))), stream);
        await stream.ExpectMsgAsync<ShardHeld>();
        await SettleAsync(Links[0]); // answers only without levels
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
        Assert.True(Journalled.Shown(Links[0])!.Levels.IsEmpty);
    }

    /// <summary>The ledger's clock, and the timer that makes it look.</summary>
    private void Pass(TimeSpan time)
    {
        Journalled.Time.Pass(time);
        Clock.Advance(TimeSpan.FromHours(1));
    }

    /// <summary>
    /// Behind the look: the ledger has asked the link, the link has answered, and what the ledger made of the answer is in the journal
    /// before the one event this adds.
    /// </summary>
    private async Task AnswerAndCommitAsync(NetworkLink link)
    {
        var stranger = Traffic.Source("stranger");
        await OpenAsync(stranger);
        await AskAsync(link);
        await ReportAsync(stranger, watermark: 1, Traffic.Report(Links[^1], sent: 1));
    }

    private async Task AskAsync(NetworkLink link)
    {
        var probe = CreateTestProbe();
        var ask = new DecideReport(Token: 0, Item: 0, new Contributor(Source), Traffic.Report(link, sent: 0), Always: false);
        Shard.Tell(new LinkEnvelope(link.Id, ask), probe);
        await probe.ExpectMsgAsync<ReportDecided>();
    }
}
