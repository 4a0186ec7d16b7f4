using Akka.Actor;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

public class ShardLedgerActorSpecs : LedgerTestKit
{
    public ShardLedgerActorSpecs()
    {
    }

    private protected ShardLedgerActorSpecs(IJournalUnderTest journal)
        : base(journal)
    {
    }

    [Fact]
    public async Task An_acknowledgement_comes_only_after_the_journal_has_the_event()
    {
        var write = Gate.HoldNext();
        Send(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        await write.Arrived;

        // The ledger answers in order: an acknowledgement given before the write would come first.
        Assert.Equal(new ShardHeld(JournalledShard.Number, Source, Sequence: 0, BatchId: 0), (await OpenAsync()) with { History = 0 });
        await write.LetThroughAsync();
        Assert.Equal(new ShardHeld(JournalledShard.Number, Source, Sequence: 7, BatchId: 1), (await AnswerAsync()) with { History = 0 });
        Assert.Equal(1, Events);
    }

    [Fact]
    public async Task Totals_are_exported_only_after_the_journal_has_the_event()
    {
        var write = Gate.HoldNext();
        Send(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        await write.Arrived;
        await SettleAsync(Links[0]);
        Assert.Null(Journalled.Shown(Links[0]));

        await write.LetThroughAsync();
        await AnswerAsync();
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
    }

    [Fact]
    public async Task What_was_acknowledged_is_back_after_a_restart_before_any_agent_speaks()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000), Traffic.Report(Links[1], sent: 20));
        await ReportAsync(watermark: 8, Traffic.Report(Links[0], sent: 1500));
        await RestartAsync();

        Assert.True(Journalled.Recovered.All);
        Assert.Equal(Traffic.Totals(1500), Journalled.Shown(Links[0])!.Totals);
        Assert.Equal(Traffic.Totals(20), Journalled.Shown(Links[1])!.Totals);
        Assert.Equal(8UL, (await OpenAsync()).Sequence);
    }

    [Fact]
    public async Task What_the_journal_failed_is_not_acknowledged_and_counts_when_it_comes_again()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        var ledger = await WatchLedgerAsync();
        Gate.FailNext();
        Send(watermark: 8, Traffic.Report(Links[0], sent: 1500));
        await ExpectTerminatedAsync(ledger);
        Assert.Equal(1, Journalled.Metrics.PersistFailures.Value);

        Assert.Equal(7UL, (await OpenAsync()).Sequence); // the first word since: no acknowledgement came before
        await ReportAsync(watermark: 8, Traffic.Report(Links[0], sent: 1500));
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1500), Journalled.Shown(Links[0])!.Totals);
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_counts_once_when_it_comes_again()
    {
        var ledger = await WatchLedgerAsync();
        Gate.LoseNextAnswer();
        Send(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        await ExpectTerminatedAsync(ledger);

        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
        Assert.Equal(1, Events);
    }

    [Fact]
    public async Task What_comes_during_a_write_goes_into_the_next_event_together()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[1], sent: 1)); // so that it is up
        var write = Gate.HoldNext();
        Send(watermark: 2, Traffic.Report(Links[0], sent: 1));
        await write.Arrived;
        for (var number = 0; number < 5; number++)
        {
            Send(Traffic.Source($"node-{number}"), watermark: 1, Traffic.Report(Links[0], sent: 1), Traffic.Report(Links[1], sent: 1));
        }

        await OpenAsync(Traffic.Source("another")); // so all links are asked
        await SettleAsync(Links[0]);
        await SettleAsync(Links[1]); // and have decided
        await OpenAsync(Traffic.Source("a third")); // and the ledger knows
        await write.LetThroughAsync();
        var answers = await AnswersAsync(6);
        Assert.Equal([2UL, 3UL, 4UL, 5UL, 6UL, 7UL], answers.Select(held => held.BatchId));
        Assert.Equal(3, Events);
        await SettleAsync(Links[0]);
        Assert.Equal(6UL, Journalled.Shown(Links[0])!.Totals.SentBytes);
    }

    [Fact]
    public async Task A_duplicate_is_acknowledged_and_changes_nothing()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        Assert.Equal(7UL, (await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000))).Sequence);
        await SettleAsync(Links[0]);

        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
        Assert.Equal((1, 1D), (Events, Journalled.Metrics.BatchesDuplicate.Value));
    }

    [Fact]
    public async Task An_overtaken_batch_is_acknowledged_and_nothing_falls()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        Assert.Equal(7UL, (await ReportAsync(watermark: 3, Traffic.Report(Links[0], sent: 600))).Sequence);
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
    }

    [Fact]
    public async Task A_source_is_told_what_the_journal_holds_of_it_and_of_no_other()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        var sameNode = Source with { Incarnation = Guid.NewGuid() };
        Assert.Equal(new ShardHeld(JournalledShard.Number, sameNode, Sequence: 0, BatchId: 0), (await OpenAsync(sameNode)) with { History = 0 });
        Assert.Equal(new ShardHeld(JournalledShard.Number, Source, Sequence: 7, BatchId: 0), (await OpenAsync()) with { History = 0 });
    }

    [Fact]
    public async Task A_ledger_that_holds_less_than_it_acknowledged_says_so_on_connect()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        Assert.Equal(9UL, (await ReportAsync(watermark: 9, Traffic.Report(Links[0], sent: 1000))).Sequence); // nothing new, so no event
        await RestartAsync();
        Assert.Equal(7UL, (await OpenAsync()).Sequence);
    }

    [Fact]
    public async Task Totals_of_two_sources_are_added_and_stay_added_after_a_restart()
    {
        await ReportAsync(Traffic.Source("node-b"), watermark: 1, Traffic.Report(Links[0], sent: 20));
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        await RestartAsync();
        Assert.Equal(Traffic.Totals(1000) + Traffic.Totals(20), Journalled.Shown(Links[0])!.Totals);
    }

    [Fact]
    public async Task A_link_that_failed_gets_its_totals_back()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        Shard.Tell(new LinkEnvelope(Links[0].Id, new DecideReport(Token: 0, Item: 0, new Contributor(Source), Report: null!, Always: false)));
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
        Assert.Equal(1, Journalled.ShownLinks);
    }

    [Fact]
    public async Task A_link_stopped_killed_or_failing_amid_traffic_loses_nothing()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1));
        for (var sent = 2UL; sent <= 40; sent++)
        {
            var link = Sys.ActorSelection(Shard.Path / $"{Links[0].Id}");
            object stop = (sent % 3) switch
            {
                0 => PoisonPill.Instance,
                1 => Kill.Instance,
                _ => new DecideReport(Token: 0, Item: 0, new Contributor(Source), Report: null!, Always: false), // which throws
            };
            link.Tell(stop);
            Assert.Equal(sent, (await ReportAsync(watermark: sent, Traffic.Report(Links[0], sent), Traffic.Report(Links[1], sent))).Sequence);
        }

        await SettleAsync(Links[0]);
        await SettleAsync(Links[1]);
        Assert.Equal((Traffic.Totals(40), 2), (Journalled.Shown(Links[0])!.Totals, Journalled.ShownLinks));
        Assert.Equal(Traffic.Totals(40), Journalled.Shown(Links[1])!.Totals);
        Assert.True(Journalled.Metrics.LinksRestarted.Value > 0);
    }

    [Fact]
    public async Task After_a_restart_totals_are_shown_before_a_link_has_an_actor()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        await RestartAsync();
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
        var link = Sys.ActorSelection(Shard.Path / $"{Links[0].Id}");
        Assert.Null((await link.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(60))).Subject);

        await ReportAsync(watermark: 2, Traffic.Report(Links[0], sent: 1500));
        Assert.NotNull((await link.Ask<ActorIdentity>(new Identify(1), TimeSpan.FromSeconds(60))).Subject);
        await SettleAsync(Links[0]);
        Assert.Equal((Traffic.Totals(1500), 1), (Journalled.Shown(Links[0])!.Totals, Journalled.ShownLinks));
    }

    [Fact]
    public async Task A_ledger_that_the_journal_failed_leaves_its_links_on_the_page_until_the_shard_leaves()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        await RestartAsync(); // so that no link has an actor
        var ledger = await WatchLedgerAsync();
        Gate.FailNext();
        Send(watermark: 2, Traffic.Report(Links[1], sent: 1));
        await ExpectTerminatedAsync(ledger);
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);

        Sys.ActorSelection(Shard.Path / "page").Tell(new LeaveShard()); // as the shard tells all that are in it
        await EventuallyAsync(() => Journalled.ShownLinks == 0);
    }

    [Fact]
    public async Task Who_keeps_the_page_is_replaced_when_it_was_stopped()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        var page = Sys.ActorSelection(Shard.Path / "page");
        var keeper = (await page.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(60))).Subject;
        Watch(keeper);
        Sys.Stop(keeper);
        await ExpectTerminatedAsync(keeper);
        await AwaitConditionAsync(
            async () => (await page.Ask<ActorIdentity>(new Identify(1), TimeSpan.FromSeconds(60))).Subject is { } other && !other.Equals(keeper), max: null);
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
    }
}
