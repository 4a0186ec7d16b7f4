namespace Caretta.Tests.Aggregator.Directory.Externals;

public sealed class GrantSnapshotSpecs : GrantsTestKit
{
    private const int SnapshotEvery = 3;

    private ulong _asked;

    public GrantSnapshotSpecs() => Settings = Settings with { SnapshotEvery = SnapshotEvery };

    private long Snapshots => Rows("SELECT COUNT(*) FROM snapshot");

    [Fact]
    public async Task Two_snapshots_are_kept_and_the_events_after_the_older_of_them()
    {
        await RestartAsync();
        for (var snapshot = 1; snapshot <= 4; snapshot++)
        {
            await CommitAsync(SnapshotEvery);
            var newest = snapshot * SnapshotEvery;
            await EventuallyAsync(() => Rows("SELECT IFNULL(MAX(sequence_number), 0) FROM snapshot") == newest);
            await SettleAsync();
            PassUnnoticed(TimeSpan.FromHours(2));
        }

        await EventuallyAsync(() => Snapshots == 2);
        Assert.Equal(9, Rows("SELECT MIN(sequence_number) FROM snapshot"));
        await EventuallyAsync(() => Rows("SELECT MIN(sequence_number) FROM journal WHERE deleted = 0") == 10);

        await RestartAsync();
        Assert.Equal(_asked, (ulong)Metrics.Grants.Value);
        Assert.Equal([3 * SnapshotEvery], await GrantedAsync(local: 3 * SnapshotEvery, 3 * SnapshotEvery));
    }

    [Fact]
    public async Task Recovery_from_a_snapshot_and_the_events_after_it_brings_back_every_grant()
    {
        await RestartAsync();
        await CommitAsync(SnapshotEvery + 2);
        await EventuallyAsync(() => Snapshots == 1);
        await RestartAsync();
        Assert.Equal(SnapshotEvery + 2, Metrics.Grants.Value);
        var events = Events;
        for (var local = 1UL; local <= SnapshotEvery + 2; local++)
        {
            Assert.Equal([local], await GrantedAsync(local, local));
        }

        Assert.Equal(events, Events); // all were there
    }

    private async Task CommitAsync(int events)
    {
        for (var end = _asked + (ulong)events; _asked < end;)
        {
            _asked++;
            await GrantedAsync(local: _asked, _asked);
        }
    }
}
