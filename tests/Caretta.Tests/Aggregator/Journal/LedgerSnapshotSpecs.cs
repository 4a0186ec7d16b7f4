using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

public class LedgerSnapshotSpecs : LedgerTestKit
{
    private const int SnapshotEvery = 3;

    private ulong _batches;

    public LedgerSnapshotSpecs()
        : this(new SqliteUnderTest())
    {
    }

    private protected LedgerSnapshotSpecs(IJournalUnderTest journal)
        : base(journal) => Journalled.Settings = Journalled.Settings with { SnapshotEvery = SnapshotEvery };

    private long Snapshots => Journalled.Ask("SELECT COUNT(*) FROM snapshot");

    [Fact]
    public async Task Two_snapshots_are_kept_and_the_events_after_the_older_of_them()
    {
        await RestartAsync();
        for (var snapshot = 1; snapshot <= 4; snapshot++)
        {
            await CommitAsync(SnapshotEvery);
            await EventuallyAsync(() => Journalled.Metrics.Snapshots.Value.Equals(snapshot));
        }

        await EventuallyAsync(() => Snapshots == 2);
        Assert.Equal(9, Journalled.Ask("SELECT MIN(sequence_number) FROM snapshot"));
        await EventuallyAsync(() => Journalled.Ask("SELECT MIN(sequence_number) FROM journal WHERE NOT deleted") == 10);
    }

    [Fact]
    public async Task Recovery_from_a_snapshot_and_the_events_after_it_brings_back_every_total_and_watermark()
    {
        await RestartAsync();
        await CommitAsync(SnapshotEvery + 2);
        await EventuallyAsync(() => Snapshots == 1);
        await RestartAsync();

        Assert.Equal(Traffic.Totals(_batches * 100), Journalled.Shown(Links[0])!.Totals);
        Assert.Equal(_batches, (await OpenAsync()).Sequence);
        Assert.All(Links.Skip(1).Take((int)_batches), link => Assert.Equal(Traffic.Totals(5), Journalled.Shown(link)!.Totals));
    }

    [Fact]
    public async Task Recovery_is_right_after_events_were_deleted()
    {
        await RestartAsync();
        for (var snapshot = 1; snapshot <= 3; snapshot++)
        {
            await CommitAsync(SnapshotEvery);
            await EventuallyAsync(() => Journalled.Metrics.Snapshots.Value.Equals(snapshot));
        }

        await EventuallyAsync(() => Journalled.Metrics.EventDeletions.Value > 0);
        await RestartAsync();
        Assert.Equal(Traffic.Totals(_batches * 100), Journalled.Shown(Links[0])!.Totals);
        Assert.Equal(_batches, (await OpenAsync()).Sequence);
    }

    [Fact]
    public async Task The_older_snapshot_and_its_events_are_enough_when_the_newer_is_lost()
    {
        await RestartAsync();
        for (var snapshot = 1; snapshot <= 3; snapshot++)
        {
            await CommitAsync(SnapshotEvery);
            await EventuallyAsync(() => Journalled.Metrics.Snapshots.Value.Equals(snapshot));
        }

        await EventuallyAsync(() => Snapshots == 2 && Journalled.Metrics.EventDeletions.Value > 0);
        Journalled.Ask("DELETE FROM snapshot WHERE sequence_number = (SELECT MAX(sequence_number) FROM snapshot) RETURNING 1");
        await RestartAsync();
        Assert.Equal(Traffic.Totals(_batches * 100), Journalled.Shown(Links[0])!.Totals);
        Assert.Equal(_batches, (await OpenAsync()).Sequence);
    }

    /// <summary>Each batch begins a link of its own and advances enough others for a snapshot to be due by the number of events alone.</summary>
    private async Task CommitAsync(int batches)
    {
        for (var end = _batches + (ulong)batches; _batches < end;)
        {
            _batches++;
            var others = Links.TakeLast(4).Select(link => Traffic.Report(link, _batches * 100));
            await ReportAsync(_batches, [Traffic.Report(Links[0], _batches * 100), Traffic.Report(Links[(int)_batches], 5), .. others]);
        }
    }
}
