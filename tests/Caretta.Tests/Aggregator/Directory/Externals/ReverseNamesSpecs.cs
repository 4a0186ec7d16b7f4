using Caretta.Aggregator.Directory.Externals;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory.Externals;

/// <summary>What DNS says, asked of a real server over UDP.</summary>
public class ReverseNamesSpecs
{
    private static readonly Address Web = Address.Parse("203.0.113.7");
    private static readonly Address Private = Address.Parse("10.1.2.3");
    private static readonly Address Six = Address.Parse("2001:db8::42");

    [Fact]
    public async Task An_address_has_its_own_name_until_DNS_has_answered_and_the_answer_after()
    {
        await using var names = new NamesUnderTest();
        names.Dns.Name(Web, 300, "www.example.com");
        names.Dns.Hold();
        Assert.Equal(("203.0.113.7", true), (names.NameOf(Web), names.IsPending(Web)));
        await names.Dns.HasArrivedAsync(1);
        Assert.True(names.IsPending(Web));

        names.Dns.AnswerOne();
        Assert.Equal(Web, await names.NextChangeAsync());
        Assert.Equal(("www.example.com", false), (names.NameOf(Web), names.IsPending(Web)));
        Assert.Equal(1, names.Dns.Asked(Web));
    }

    [Fact]
    public async Task Private_addresses_and_those_of_IPv6_are_asked_for_as_well()
    {
        await using var names = new NamesUnderTest();
        names.Dns.Name(Private, 300, "printer.office.example");
        names.Dns.Name(Six, 300, "six.example");
        Assert.Equal("printer.office.example", await names.LearnAsync(Private));
        Assert.Equal("six.example", await names.LearnAsync(Six));
    }

    [Fact]
    public async Task A_name_holds_for_its_time_to_live_and_until_another_answer_has_come()
    {
        await using var names = new NamesUnderTest();
        names.Dns.Name(Web, 300, "old.example");
        await names.LearnAsync(Web);
        names.Dns.Name(Web, 300, "new.example");
        names.Time.Pass(TimeSpan.FromSeconds(299));
        Assert.Equal("old.example", names.NameOf(Web));
        await names.SettleAsync();
        Assert.Equal(1, names.Dns.Asked(Web));

        names.Time.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(("old.example", false), (names.NameOf(Web), names.IsPending(Web)));
        Assert.Equal(Web, await names.NextChangeAsync());
        Assert.Equal("new.example", names.NameOf(Web));
    }

    [Fact]
    public async Task An_answer_that_is_the_same_again_is_no_change()
    {
        await using var names = new NamesUnderTest();
        names.Dns.Name(Web, 300, "www.example.com");
        await names.LearnAsync(Web);
        names.Time.Pass(TimeSpan.FromMinutes(6));
        Assert.Equal("www.example.com", names.NameOf(Web));
        await names.SettleAsync(); // its change is the first since
        Assert.Equal(2, names.Dns.Asked(Web));
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(7 * 86_400, 86_400)]
    public async Task A_time_to_live_is_between_a_minute_and_a_day(int given, int kept)
    {
        await using var names = new NamesUnderTest();
        names.Dns.Name(Web, given, "www.example.com");
        await names.LearnAsync(Web);
        names.Time.Pass(TimeSpan.FromSeconds(kept - 1));
        names.NameOf(Web);
        names.Dns.Name(Web, given, "new.example");
        names.Time.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("new.example", await names.LearnAsync(Web));
        Assert.Equal(2, names.Dns.Asked(Web));
    }

    [Fact]
    public async Task An_address_without_a_name_keeps_its_own_and_is_asked_for_again_after_five_minutes()
    {
        await using var names = new NamesUnderTest();
        Assert.Equal("203.0.113.7", await names.LearnAsync(Web)); // that it has none is an answer too
        Assert.False(names.IsPending(Web));
        names.Dns.Name(Web, 300, "www.example.com");
        names.Time.Pass(TimeSpan.FromSeconds(299));
        names.NameOf(Web);
        names.Time.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("www.example.com", await names.LearnAsync(Web));
        Assert.Equal((2, 1D), (names.Dns.Asked(Web), names.Metrics.DnsLookups(LookupOutcome.Nameless).Value));
    }

    [Fact]
    public async Task A_name_that_was_withdrawn_ends_with_its_time_to_live()
    {
        await using var names = new NamesUnderTest();
        names.Dns.Name(Web, 300, "www.example.com");
        await names.LearnAsync(Web);
        names.Dns.Forget(Web);
        names.Time.Pass(TimeSpan.FromSeconds(300));
        Assert.Equal("203.0.113.7", await names.LearnAsync(Web));
    }

    [Fact]
    public async Task A_server_that_fails_is_asked_again_after_five_minutes()
    {
        await using var names = new NamesUnderTest();
        names.Dns.Fail(Web);
        Assert.Equal("203.0.113.7", await names.LearnAsync(Web));
        Assert.False(names.IsPending(Web));
        Assert.Equal(1, names.Metrics.DnsLookups(LookupOutcome.Failed).Value);
        names.Dns.Name(Web, 300, "www.example.com");
        names.Time.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal("www.example.com", await names.LearnAsync(Web));
    }

    [Fact]
    public async Task A_lookup_that_failed_changes_no_name()
    {
        await using var names = new NamesUnderTest();
        names.Dns.Name(Web, 300, "www.example.com");
        await names.LearnAsync(Web);
        names.Dns.Fail(Web);
        names.Time.Pass(TimeSpan.FromMinutes(6));
        names.NameOf(Web);
        await names.SettleAsync();
        Assert.Equal(("www.example.com", 1D), (names.NameOf(Web), names.Metrics.DnsLookups(LookupOutcome.Failed).Value));
    }

    [Fact]
    public async Task A_server_that_is_silent_costs_a_timeout()
    {
        await using var names = new NamesUnderTest(timeout: TimeSpan.FromSeconds(1));
        names.Dns.BeSilent(Web);
        Assert.Equal("203.0.113.7", await names.LearnAsync(Web));

        Assert.Equal(1, names.Metrics.DnsLookups(LookupOutcome.TimedOut).Value);
        await names.Dns.HasArrivedAsync(2);
        Assert.Equal(2, names.Dns.Asked(Web));
    }

    public static TheoryData<string> Garbage => ["cut", "noise", "endless", "counts", "empty"];

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task What_is_no_DNS_names_nothing_and_the_next_address_is_asked_for_all_the_same(string kind)
    {
        await using var names = new NamesUnderTest();
        names.Dns.Garble(Web, answer => kind switch
        {
            "cut" => answer[..^5],
            "noise" => [.. answer[..2], .. Enumerable.Range(0, 400).Select(number => (byte)(number * 37))],
            "endless" => [.. answer[..12], 0xC0, 0x0C, .. answer[14..]], // a name that points at itself
            "counts" => [.. answer[..6], 0xFF, 0xFF, .. answer[8..]],
            _ => answer[..2],
        });
        Assert.Equal("203.0.113.7", await names.LearnAsync(Web));
        var (failed, late) = (names.Metrics.DnsLookups(LookupOutcome.Failed).Value, names.Metrics.DnsLookups(LookupOutcome.TimedOut).Value);
        Assert.Equal(1, failed + late);
        names.Dns.Name(Six, 300, "six.example");
        Assert.Equal("six.example", await names.LearnAsync(Six));
    }

    [Theory]
    [InlineData("~other")]
    [InlineData("~external.example")]
    [InlineData("10.0.0.1")]
    [InlineData("127.1")]
    [InlineData("host.42")]
    [InlineData("host.0x7f")]
    [InlineData("12345")]
    [InlineData("a b.example")]
    [InlineData("a\"b\\c.example")]
    [InlineData("line\nbreak.example")]
    [InlineData("<script>.example")]
    [InlineData("caf\u00e9.example")]
    [InlineData("office")]
    [InlineData("OFFICE")]
    public async Task A_name_that_is_not_fit_to_be_shown_is_not(string name)
    {
        await using var names = new NamesUnderTest(groups: "Office=10.9.0.0/16");
        names.Dns.Name(Web, 300, name);
        Assert.Equal("203.0.113.7", await names.LearnAsync(Web));
        Assert.Equal(1, names.Metrics.DnsLookups(LookupOutcome.Unusable).Value);
    }

    [Fact]
    public async Task A_name_is_shown_in_lower_case()
    {
        await using var names = new NamesUnderTest();
        names.Dns.Name(Web, 300, "WWW_1.Example-2.COM");
        Assert.Equal("www_1.example-2.com", await names.LearnAsync(Web));
    }

    [Fact]
    public async Task Of_several_names_the_first_in_order_counts_whatever_the_servers_order()
    {
        await using var names = new NamesUnderTest();
        names.Dns.Name(Web, 300, "c.example", "~b.example", "a.example");
        Assert.Equal("a.example", await names.LearnAsync(Web));
    }

    [Fact]
    public async Task When_too_many_wait_an_address_answers_for_itself_and_is_counted()
    {
        await using var names = new NamesUnderTest(atOnce: 1, maxQueued: 1);
        names.Dns.Hold();
        names.NameOf(Host(1));
        await names.Dns.HasArrivedAsync(1); // so the queue is empty again
        Assert.True(names.IsPending(Host(2)));
        Assert.False(names.IsPending(Host(3)));
        Assert.False(names.IsPending(Host(3)));
        Assert.Equal(1, names.Metrics.DnsQueueFull.Value);

        names.Dns.AnswerOne();
        await names.NextChangeAsync();
        await names.Dns.HasArrivedAsync(1);
        names.Time.Pass(TimeSpan.FromMinutes(5));
        names.NameOf(Host(3)); // there is room now
        names.Dns.AnswerOne();
        await names.Dns.HasArrivedAsync(1);
        Assert.Equal(1, names.Dns.Asked(Host(3)));
    }

    [Fact]
    public async Task Only_so_many_are_asked_for_at_once()
    {
        await using var names = new NamesUnderTest(atOnce: 2);
        names.Dns.Hold();
        for (var host = 1; host <= 6; host++)
        {
            names.NameOf(Host(host));
        }

        await names.Dns.HasArrivedAsync(2);
        for (var more = 0; more < 4; more++)
        {
            names.Dns.AnswerOne();
            await names.Dns.HasArrivedAsync(1);
        }

        Assert.Equal(2, names.Dns.MostHeld);
    }

    [Fact]
    public async Task Who_has_waited_for_too_long_waits_no_more()
    {
        await using var names = new NamesUnderTest(atOnce: 1);
        names.Dns.Name(Host(2), 300, "late.example");
        names.Dns.Hold();
        names.NameOf(Host(1));
        await names.Dns.HasArrivedAsync(1);
        names.NameOf(Host(2));
        names.Time.Pass(TimeSpan.FromSeconds(11));
        names.Dns.AnswerOne();
        Assert.Equal(Host(1), await names.NextChangeAsync());
        Assert.Equal(Host(2), await names.NextChangeAsync());
        Assert.Equal(("198.51.100.2", false, 0), (names.NameOf(Host(2)), names.IsPending(Host(2)), names.Dns.Asked(Host(2))));
    }

    [Fact]
    public async Task A_full_cache_forgets_whom_nobody_has_asked_for_longest()
    {
        await using var names = new NamesUnderTest(maxCached: 2);
        await names.LearnAsync(Host(1));
        await names.LearnAsync(Host(2));
        names.NameOf(Host(1));
        await names.LearnAsync(Host(3));
        Assert.False(names.IsPending(Host(1)));
        Assert.False(names.IsPending(Host(3)));
        Assert.Equal((2D, 1D), (names.Metrics.DnsNames.Value, names.Metrics.DnsNamesEvicted.Value));
        Assert.True(names.IsPending(Host(2)));
    }

    private static Address Host(int number) => Address.Parse($"198.51.100.{number}");
}
