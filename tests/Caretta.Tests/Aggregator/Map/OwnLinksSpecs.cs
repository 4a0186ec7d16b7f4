using Caretta.Aggregator.Links;
using Caretta.Aggregator.Map.Trails;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>Rates and the last hour of the links of one member.</summary>
public class OwnLinksSpecs
{
    private static readonly NetworkLink Link = Traffic.Link(1);

    private readonly OwnLinks _own = new();

    [Fact]
    public void At_its_first_sample_a_link_has_no_rate_and_at_the_next_what_came_since()
    {
        Sample(0, sent: 1_000_000);
        Assert.Equal(0, Fact.Rates.Sent);
        Sample(5, sent: 1_000_500);
        Assert.Equal(100, Fact.Rates.Sent);
    }

    [Fact]
    public void A_steady_link_whose_agent_reports_out_of_step_has_a_steady_rate()
    {
        var reports = new ulong[] { 0, 0, 1000, 1000, 1500, 2500, 2500, 3500, 4000, 4500 }; // 100 B/s, and now and then a report that came early or late
        for (var sample = 0; sample < reports.Length; sample++)
        {
            Sample(sample * 5, reports[sample]);
            if (sample >= 4)
            {
                Assert.InRange(Fact.Rates.Sent, 60, 140);
            }
        }
    }

    [Fact]
    public void After_long_without_a_look_the_rate_is_that_of_the_time_since_the_last_sample()
    {
        Sample(0, sent: 0);
        Sample(60, sent: 6000);
        Assert.Equal(100, Fact.Rates.Sent);
        Sample(65, sent: 6000);
        Assert.Equal(0, Fact.Rates.Sent); // only what is younger than the window counts
    }

    [Fact]
    public void A_total_that_falls_has_no_rate_and_no_negative_one()
    {
        Sample(0, sent: 1000);
        Sample(5, sent: 400);
        Assert.Equal(0, Fact.Rates.Sent);
    }

    [Fact]
    public void The_last_hour_is_kept_minute_by_minute_and_the_bytes_in_it_are_those_that_came()
    {
        for (var minute = 0; minute <= 90; minute++)
        {
            Sample(minute * 60, sent: (ulong)minute * 600);
        }

        var hour = _own.LastHour(Link.Id);
        Assert.Equal((60, 1000 + 30L), (hour.Sent.Count, hour.From));
        Assert.All(hour.Sent, rate => Assert.Equal(10, rate));
        Assert.All(hour.Failed, rate => Assert.Equal(0, rate));
    }

    [Fact]
    public void Minutes_nobody_was_there_for_share_what_came_meanwhile()
    {
        Sample(0, sent: 0);
        Sample(60, sent: 60);
        Sample(240, sent: 60 + 1800);
        Assert.Equal([1f, 10, 10, 10], _own.LastHour(Link.Id).Sent);
    }

    [Fact]
    public void A_younger_links_history_begins_with_it()
    {
        _own.Sample([], TimeSpan.Zero, 1000);
        _own.Sample([], TimeSpan.FromMinutes(10), 1010);
        _own.Sample([(Link, Values(5))], TimeSpan.FromMinutes(11), 1011);
        _own.Sample([(Link, Values(65))], TimeSpan.FromMinutes(12), 1012);
        Assert.Equal((1011L, 1), (_own.LastHour(Link.Id).From, _own.LastHour(Link.Id).Sent.Count));
        Assert.Equal(1, _own.LastHour(Link.Id).Sent[0]);
    }

    [Fact]
    public void Beyond_the_bound_links_have_rates_and_no_history_and_are_counted()
    {
        var own = new OwnLinks(maxSteps: 2);
        (NetworkLink, LinkValues)[] links(ulong sent) => [.. Enumerable.Range(0, 5).Select(number => (Traffic.Link(number), Values(sent)))];
        own.Sample(links(1), TimeSpan.Zero, 1000);
        own.Sample(links(61), TimeSpan.FromMinutes(1), 1001);
        Assert.Equal(3, own.WithoutHistory);
        Assert.Equal(2, Enumerable.Range(0, 5).Count(number => own.LastHour(Traffic.Link(number).Id).Sent is [1f]));
        Assert.All(own.Facts, fact => Assert.Equal(1, fact.Rates.Sent));
    }

    [Fact]
    public void A_clock_put_back_costs_steps_until_it_is_past_that_again_and_nothing_else()
    {
        Sample(0, sent: 0);
        Sample(60, sent: 60);
        _own.Sample([(Link, Values(120))], TimeSpan.FromSeconds(120), 900);
        Assert.Equal([1f], _own.LastHour(Link.Id).Sent);
        _own.Sample([(Link, Values(180))], TimeSpan.FromSeconds(180), 1002);
        Assert.Equal([1f, 1f], _own.LastHour(Link.Id).Sent);
    }

    [Fact]
    public void Only_what_changed_is_told_and_what_ended()
    {
        var (one, other) = (Traffic.Link(1), Traffic.Link(2));
        _own.Sample([(one, Values(1)), (other, Values(1))], TimeSpan.Zero, 1000);
        var known = _own.Sequence;
        _own.Sample([(one, Values(1)), (other, Values(1))], TimeSpan.FromSeconds(5), 1000);
        Assert.Empty(_own.ChangesSince(known)!);
        _own.Sample([(other, Values(9))], TimeSpan.FromSeconds(10), 1000);
        Assert.Equal([(other.Id, true), (one.Id, false)], _own.ChangesSince(known)!.Select(change => (change.LinkId, change.Fact is not null)));
    }

    [Fact]
    public void The_two_ends_histories_of_one_edge_count_once_and_workloads_sum_up()
    {
        var client = new History(10, [1, 2, 3], [10, 20, 30], [0, 0, 1]);
        var server = new History(11, [21, 30], [2, 4], [1, 0]);
        var joined = History.Join([client], [server]);
        Assert.Equal((10L, "1 2 4", "10 21 30", "0 1 1"), (joined.From, Text(joined.Sent), Text(joined.Received), Text(joined.Failed)));
        Assert.Equal("1 4 7", Text(History.Sum([client, new History(11, [2, 4], [0, 0], [0, 0])]).Sent));
        Assert.Empty(History.Sum([]).Sent);
    }

    private static string Text(IEnumerable<float> rates) => string.Join(' ', rates);

    private static LinkValues Values(ulong sent) => new(new LinkTotals { SentBytes = sent }, default);

    private Caretta.Aggregator.Map.LinkFact Fact => Assert.Single(_own.Facts);

    private void Sample(int second, ulong sent) => _own.Sample([(Link, Values(sent))], TimeSpan.FromSeconds(second), 1000 + (second / 60));
}
