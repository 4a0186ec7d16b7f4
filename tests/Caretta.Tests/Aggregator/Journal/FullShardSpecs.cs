using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

public sealed class FullShardSpecs : LedgerTestKit
{
    private const int Room = 2;

    private static readonly NetworkLink Other =
        OverflowLinks.For(JournalledShard.Number, LinkSharding.DefaultShardCount, Role.Client);

    public FullShardSpecs() => Journalled.Settings = Journalled.Settings with { MaxLinksPerShard = Room };

    [Fact]
    public async Task Links_without_room_are_summed_under_other_and_counted_as_redirected()
    {
        await FillAsync();
        await ReportAsync(watermark: 2, Traffic.Report(Links[2], sent: 30), Traffic.Report(Links[3], sent: 400));
        await SettleAsync(Other);

        Assert.Equal(Traffic.Totals(30) + Traffic.Totals(400), Journalled.Shown(Other)!.Totals);
        Assert.Null(Journalled.Shown(Links[2]));
        Assert.Equal((2D, 0D), (Journalled.Metrics.OtherRedirects.Value, Journalled.Metrics.ReportsUncounted.Value));
    }

    [Fact]
    public async Task Each_link_under_other_keeps_its_own_maximum()
    {
        await FillAsync();
        await ReportAsync(watermark: 2, Traffic.Report(Links[2], sent: 30), Traffic.Report(Links[3], sent: 400));
        await ReportAsync(watermark: 3, Traffic.Report(Links[2], sent: 50), Traffic.Report(Links[3], sent: 390));
        await SettleAsync(Other);
        Assert.Equal(450UL, Journalled.Shown(Other)!.Totals.SentBytes);
    }

    [Fact]
    public async Task Links_that_have_room_keep_it_and_go_on_being_counted_themselves()
    {
        await FillAsync();
        await ReportAsync(watermark: 2, Traffic.Report(Links[2], sent: 30), Traffic.Report(Links[0], sent: 11));
        await SettleAsync(Links[0]);
        Assert.Equal(11UL, Journalled.Shown(Links[0])!.Totals.SentBytes);
    }

    [Fact]
    public async Task After_a_restart_the_same_links_have_room_and_the_same_are_under_other()
    {
        await FillAsync();
        await ReportAsync(watermark: 2, Traffic.Report(Links[2], sent: 30), Traffic.Report(Links[3], sent: 400));
        await RestartAsync();
        Assert.Equal(430UL, Journalled.Shown(Other)!.Totals.SentBytes);

        await ReportAsync(
            watermark: 3, Traffic.Report(Links[3], sent: 401), Traffic.Report(Links[0], sent: 11), Traffic.Report(Links[2], sent: 31));
        await SettleAsync(Other);
        await SettleAsync(Links[0]);
        Assert.Equal(432UL, Journalled.Shown(Other)!.Totals.SentBytes);
        Assert.Equal(11UL, Journalled.Shown(Links[0])!.Totals.SentBytes);
    }

    [Fact]
    public async Task A_link_seen_by_the_server_has_an_other_of_its_own()
    {
        await FillAsync();
        var server = Enumerable.Range(0, int.MaxValue).Select(number => Traffic.Link(number, Role.Server))
            .First(link => LinkSharding.ShardOf(link, LinkSharding.DefaultShardCount) == JournalledShard.Number);
        await ReportAsync(watermark: 2, Traffic.Report(server, sent: 30));
        var other = OverflowLinks.For(JournalledShard.Number, LinkSharding.DefaultShardCount, Role.Server);
        await SettleAsync(other);
        Assert.Equal(30UL, Journalled.Shown(other)!.Totals.SentBytes);
    }

    [Fact]
    public async Task When_other_is_full_as_well_the_reports_are_counted_as_lost_and_the_batch_is_acknowledged()
    {
        await FillAsync();
        var tooMany = Links.Skip(Room).Take((Room * LinkRoom.OverflowFactor) + 3).Select(link => Traffic.Report(link, sent: 1)).ToList();
        await ReportAsync(watermark: 2, tooMany);
        await SettleAsync(Other);

        Assert.Equal(3, Journalled.Metrics.ReportsUncounted.Value);
        Assert.Equal((ulong)(Room * LinkRoom.OverflowFactor), Journalled.Shown(Other)!.Totals.SentBytes);
    }

    /// <summary>The settings hold from a restart on.</summary>
    private async Task FillAsync()
    {
        await RestartAsync();
        await ReportAsync(watermark: 1, Links.Take(Room).Select(link => Traffic.Report(link, sent: 10)).ToList());
    }
}
