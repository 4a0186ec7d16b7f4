using Caretta.Aggregator.Cluster.Formation;
using CsCheck;

namespace Caretta.Tests.Aggregator.Cluster;

public class LeaseWatchSpecs
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_lease_that_changes_is_its_holders_and_one_that_rests_for_its_duration_is_nobodys()
    {
        var watch = new LeaseWatch("me", Duration);
        Assert.Equal(LeaseStep.Create, watch.Read(null, At(0)));
        Assert.Equal(LeaseStep.Leave, watch.Read(new LeaseRecord("other", "1"), At(1)));
        Assert.Equal(LeaseStep.Leave, watch.Read(new LeaseRecord("other", "2"), At(10.9)));
        Assert.Equal(LeaseStep.Leave, watch.Read(new LeaseRecord("other", "2"), At(20.8)));
        Assert.Equal(LeaseStep.Take, watch.Read(new LeaseRecord("other", "2"), At(20.9)));
    }

    [Fact]
    public void What_was_seen_before_the_api_server_was_away_does_not_count()
    {
        var watch = new LeaseWatch("me", Duration);
        watch.Read(new LeaseRecord("other", "1"), At(0));
        watch.Blind();
        Assert.Equal(LeaseStep.Leave, watch.Read(new LeaseRecord("other", "1"), At(60)));
        Assert.Equal(LeaseStep.Take, watch.Read(new LeaseRecord("other", "1"), At(70)));
    }

    [Fact]
    public void One_that_was_given_back_is_free_at_once() =>
        Assert.Equal(LeaseStep.Take, new LeaseWatch("me", Duration).Read(new LeaseRecord("", "7"), At(0)));

    [Fact]
    public void It_is_held_from_when_the_write_was_sent_and_not_until_its_very_end()
    {
        var watch = new LeaseWatch("me", Duration);
        watch.Wrote(new LeaseRecord("me", "1"), At(1));
        Assert.True(watch.IsHeld(At(7)));
        Assert.False(watch.IsHeld(At(8)));
        watch.Conflicted();
        Assert.False(watch.IsHeld(At(2)));
    }

    /// <summary>
    /// Contenders that look whenever chance wants, whose writes are refused when another came between, and one of which at a time may be away
    /// or stopped for long: whatever happens, no two of them hold the lease at one time.
    /// </summary>
    [Fact]
    public void No_two_hold_it_at_one_time() => Gen.Select(Gen.Int[0, 2], Gen.Int[0, 6000], Gen.Int[0, 9], Gen.Bool)
        .Array[1, 400]
        .Sample(moves =>
        {
            var watches = Enumerable.Range(0, 3).Select(number => new LeaseWatch($"{number}", Duration)).ToList();
            LeaseRecord? stored = null;
            var (now, version) = (TimeSpan.Zero, 0);
            foreach (var (who, milliseconds, delay, away) in moves)
            {
                now += TimeSpan.FromMilliseconds(milliseconds);
                if (away && delay == 0)
                {
                    watches[who].Blind();
                    continue;
                }

                var read = stored;
                var step = watches[who].Read(read, now);
                if (step != LeaseStep.Leave)
                {
                    // The write is sent now and arrives later; meanwhile nobody else moves, which the version would refuse.
                    stored = new LeaseRecord($"{who}", $"{++version}");
                    watches[who].Wrote(stored, now);
                    now += TimeSpan.FromMilliseconds(delay * 10);
                }

                Assert.True(watches.Count(watch => watch.IsHeld(now)) <= 1);
            }
        });

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
