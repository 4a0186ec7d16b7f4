using Akka.TestKit;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

/// <summary>A host that never comes back, and one that does.</summary>
public sealed class RetirementSpecs() : LedgerTestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly NetworkLink Other = OverflowLinks.For(JournalledShard.Number, LinkSharding.DefaultShardCount, Role.Client);

    private readonly Source _bystander = Traffic.Source("bystander");
    private ulong _batch;

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    private long Retirements => Journalled.Ask("SELECT COUNT(*) FROM journal WHERE manifest = 'sources-retired-1'");

    [Fact]
    public async Task A_source_silent_for_long_is_one_number_in_its_links_and_their_totals_stay()
    {
        await NothingExpiresAsync();
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        await ReportAsync(Traffic.Source("node-b"), watermark: 1, Traffic.Report(Links[0], sent: 20));
        await LeaveAsync();
        await PassAsync(days: 33);
        Assert.Equal(1, Retirements);
        Assert.Equal(2, Journalled.Metrics.SourcesRetired.Value);
        Assert.Equal((1D, 2D), (Journalled.Metrics.Sources.Value, Journalled.Metrics.RetiredRemembered.Value));
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1000) + Traffic.Totals(20), Journalled.Shown(Links[0])!.Totals);

        await RestartAsync();
        Assert.Equal(Traffic.Totals(1000) + Traffic.Totals(20), Journalled.Shown(Links[0])!.Totals);
    }

    [Fact]
    public async Task One_that_returns_after_it_was_retired_is_told_so_and_never_added_again()
    {
        await NothingExpiresAsync();
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        await LeaveAsync();
        await PassAsync(days: 33);
        var retired = new ShardHeld(JournalledShard.Number, Source, Sequence: 0, BatchId: 0, Retired: true);
        Assert.Equal(retired, (await OpenAsync()) with { History = 0 });
        Assert.True((await ReportAsync(watermark: 2, Traffic.Report(Links[0], sent: 1001))).Retired);
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);

        await RestartAsync();
        Assert.Equal(retired, (await OpenAsync()) with { History = 0 });
        var anew = Source with { Incarnation = Guid.NewGuid() };
        await ReportAsync(anew, watermark: 1, Traffic.Report(Links[0], sent: 5));
        await SettleAsync(Links[0]);
        Assert.Equal(1005UL, Journalled.Shown(Links[0])!.Totals.SentBytes);
    }

    [Fact]
    public async Task A_connected_source_that_has_nothing_to_report_is_never_retired()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        await PassAsync(days: 100);
        Assert.Equal(0, Retirements);
        await RestartAsync();
        await PassAsync(days: 29); // away since the restart; when it was last seen survived it
        Assert.Equal((0L, 1UL), (Retirements, (await OpenAsync()).Sequence));
    }

    [Fact]
    public async Task A_newer_incarnation_of_the_node_retires_nothing()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        await ReportAsync(Source with { Incarnation = Guid.NewGuid() }, watermark: 1, Traffic.Report(Links[0], sent: 5));
        await PassAsync(days: 29);
        Assert.Equal(0, Retirements);
    }

    [Fact]
    public async Task Time_without_an_aggregator_is_nobodys_silence_and_a_jump_of_the_clock_is_none()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        await LeaveAsync();
        await PassAsync(days: 29);
        Watch(Shard);
        Sys.Stop(Shard);
        await ExpectTerminatedAsync(Shard);
        Journalled.Time.Pass(TimeSpan.FromDays(400)); // or the wall clock says so
        await StartAgainAsync();
        await PassAsync(days: 1);
        Assert.Equal(0, Retirements);
        await PassAsync(days: 3);
        Assert.Equal(1, Retirements);
    }

    [Fact]
    public async Task Silence_adds_up_over_restarts()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        await LeaveAsync();
        for (var week = 0; week < 5; week++)
        {
            await PassAsync(days: 7);
            await RestartAsync();
        }

        Assert.Equal(1, Retirements);
    }

    [Fact]
    public async Task The_links_of_a_dead_host_stay_until_it_is_retired_and_expire_a_day_later()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        await LeaveAsync();
        await PassAsync(days: 31);
        Assert.NotNull(Journalled.Shown(Links[0]));
        await PassAsync(days: 4);
        await EventuallyAsync(() => Journalled.Shown(Links[0]) is null);

        await ReportAsync(Traffic.Source("node-b"), watermark: 1, Traffic.Report(Links[0], sent: 20));
        await SettleAsync(Links[0]);
        Assert.Equal(1020UL, Journalled.Shown(Links[0])!.Totals.SentBytes);
    }

    [Fact]
    public async Task A_link_that_expired_before_its_source_was_retired_continues_from_the_total()
    {
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        await PassAsync(days: 2);
        await EventuallyAsync(() => Journalled.Shown(Links[0]) is null);
        await LeaveAsync();
        await PassAsync(days: 33);
        await RestartAsync();
        Assert.Null(Journalled.Shown(Links[0]));

        await ReportAsync(Traffic.Source("node-b"), watermark: 1, Traffic.Report(Links[0], sent: 20));
        await SettleAsync(Links[0]);
        Assert.Equal(1020UL, Journalled.Shown(Links[0])!.Totals.SentBytes);
    }

    [Fact]
    public async Task What_a_retired_source_had_under_other_stays_there_and_makes_room()
    {
        const int room = 2;
        Journalled.Settings = Journalled.Settings with { MaxLinksPerShard = room };
        await NothingExpiresAsync();
        await PassAsync(days: 1); // the bystander's link has one place
        await ReportAsync(watermark: 1, Links.Take(1 + (room * LinkRoom.OverflowFactor)).Select(link => Traffic.Report(link, sent: 10)).ToList());
        await LeaveAsync();
        await PassAsync(days: 33);
        var others = Links.Skip(10).Take(room * LinkRoom.OverflowFactor).Select(link => Traffic.Report(link, sent: 1)).ToList();
        await ReportAsync(Traffic.Source("node-b"), watermark: 1, others);
        await SettleAsync(Other);
        Assert.Equal(88UL, Journalled.Shown(Other)!.Totals.SentBytes);
        Assert.Equal(0, Journalled.Metrics.ReportsUncounted.Value);
    }

    [Fact]
    public async Task A_retirement_survives_in_the_snapshot()
    {
        Journalled.Settings = Journalled.Settings with { SnapshotEvery = 1 };
        await NothingExpiresAsync();
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 1000));
        await LeaveAsync();
        await PassAsync(days: 33);
        await RestartAsync();
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
        Assert.True((await OpenAsync()).Retired);
    }

    private Task NothingExpiresAsync()
    {
        Journalled.Settings = Journalled.Settings with { ExpireAfter = TimeSpan.FromDays(365) };
        return RestartAsync();
    }

    /// <summary>Its stream ends, and another agent's is there instead.</summary>
    private async Task LeaveAsync() => await OpenAsync(Traffic.Source("somebody"));

    /// <summary>Day by day, and each time until the ledger has made of it what there is to make.</summary>
    private async Task PassAsync(int days)
    {
        for (var day = 0; day < days; day++)
        {
            Journalled.Time.Pass(Day);
            Clock.Advance(TimeSpan.FromHours(1));
            for (var settled = 0; settled < 2; settled++)
            {
                // Answered behind the look, and the second time behind what the ledger made of it; the event it adds is behind what the ledger
                // wrote meanwhile. A link answers in its own time: what waits for that is waited for.
                var bystander = CreateTestProbe();
                var report = Traffic.Report(Links[^1], sent: ++_batch);
                var batch = new TakeBatch(_bystander, TimeSpan.FromSeconds(5), _batch, _batch, [report]);
                Shard.Tell(new LedgerEnvelope(JournalledShard.Number, batch), bystander);
                await bystander.ExpectMsgAsync<ShardHeld>();
            }
        }
    }

    private async Task StartAgainAsync()
    {
        Begin();
        await OpenAsync(Traffic.Source("somebody"));
    }
}
