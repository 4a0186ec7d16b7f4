using Caretta.Aggregator.Directory.Watches;

namespace Caretta.Tests.Aggregator.Directory.Watches;

public class WatchBackoffSpecs
{
    [Fact]
    public void The_longest_pause_doubles_up_to_a_minute_and_stays_there()
    {
        var backoff = new WatchBackoff(new Fixed(1));
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 8).Select(_ => backoff.Next(null).TotalSeconds));
        Assert.Equal(60, Enumerable.Range(0, 5000).Max(_ => backoff.Next(null).TotalSeconds));
    }

    [Fact]
    public void A_success_begins_anew()
    {
        var backoff = new WatchBackoff(new Fixed(1));
        backoff.Next(null);
        backoff.Next(null);
        backoff.Succeeded();
        Assert.Equal(1, backoff.Next(null).TotalSeconds);
    }

    [Fact]
    public void Chance_takes_any_part_of_a_pause() => Assert.Equal(0.25, new WatchBackoff(new Fixed(0.25)).Next(null).TotalSeconds);

    [Fact]
    public void What_the_server_asked_for_comes_before() =>
        Assert.Equal(40.5, new WatchBackoff(new Fixed(0.5)).Next(TimeSpan.FromSeconds(40)).TotalSeconds);

    private sealed class Fixed(double part) : Random
    {
        public override double NextDouble() => part;
    }
}
