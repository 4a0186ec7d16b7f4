using Caretta.Aggregator.Journal;

namespace Caretta.Tests.Aggregator.Journal;

public class SnapshotScheduleSpecs
{
    private readonly SnapshotSchedule _schedule = new(every: 10);

    [Fact]
    public void A_snapshot_waits_until_the_events_hold_as_many_totals_as_it_will()
    {
        Assert.Equal(25, EventsUntilDue(totals: 4, held: 100));
        Assert.Equal(25, EventsUntilDue(totals: 4, held: 100)); // and counts from there
    }

    [Fact]
    public void A_small_shard_is_not_written_after_each_event() => Assert.Equal(10, EventsUntilDue(totals: 50, held: 100));

    [Fact]
    public void Small_events_of_a_large_shard_are_not_replayed_without_end() => Assert.Equal(100, EventsUntilDue(totals: 1, held: 10_000));

    [Theory]
    [InlineData(1000, 2000, 8)] // four times what the shard holds
    [InlineData(1000, 100, 4)] // of a small one, still enough to be worth it
    public void Large_events_of_a_busy_shard_are_not_replayed_many_times_over(int totals, long held, int events) =>
        Assert.Equal(events, EventsUntilDue(totals, held));

    private int EventsUntilDue(int totals, long held)
    {
        for (var events = 1; ; events++)
        {
            _schedule.Wrote(totals);
            if (_schedule.IsDue(held))
            {
                return events;
            }
        }
    }
}
