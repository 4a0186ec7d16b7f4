using Caretta.Aggregator;
using Caretta.Messages.Settings;
using Microsoft.Extensions.Configuration;

namespace Caretta.Tests.Aggregator;

public class AggregatorOptionsSpecs
{
    [Fact]
    public void Without_settings_everything_has_its_default()
    {
        var options = Read();
        Assert.Equal((7117, 7118, 7119, "127.0.0.1"), (options.HttpPort, options.IngressPort, options.RemotePort, options.ListenAddress));
        Assert.Equal((ExportedSeries.Full, TimeSpan.FromHours(24), 4096), (options.Exported, options.ExpireAfter, options.MaxLinksPerShard));
        Assert.Equal(("", false, false, "", 100), (
            options.ExternalGroups, options.GroupExternals, options.ReverseDns, options.DnsServers, options.MaxExternalsPerWorkload));
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var options = Read(
            ("HttpPort", "1"), ("IngressPort", "2"), ("RemotePort", "3"), ("ListenAddress", "::1"), ("DataFolder", "/data"),
            ("Exported", "links"), ("ExpireAfter", "01:00:00"), ("MaxLinksPerShard", "5"), ("SnapshotEvery", "6"), ("LogFormat", "JSON"),
            ("ExternalGroups", "office=10.20.0.0/16"), ("ReverseDns", "true"), ("DnsServers", "10.0.0.10"), ("MaxExternalsPerWorkload", "7"));
        Assert.Equal(("office=10.20.0.0/16", true, "10.0.0.10", 7), (
            options.ExternalGroups, options.ReverseDns, options.DnsServers, options.MaxExternalsPerWorkload));
        Assert.True(Read(("GroupExternals", "true")).GroupExternals);
        Assert.Equal((1, 2, 3, "::1"), (options.HttpPort, options.IngressPort, options.RemotePort, options.ListenAddress));
        Assert.Equal(("/data", ExportedSeries.Links, LogFormat.Json), (options.DataFolder, options.Exported, options.LogFormat));
        Assert.Equal((TimeSpan.FromHours(1), 5, 6), (options.ExpireAfter, options.MaxLinksPerShard, options.SnapshotEvery));
    }

    [Fact]
    public void An_unknown_setting_is_named_and_the_known_ones_are_listed()
    {
        var refusal = Refusal("HtpPort", "7117");
        Assert.Contains("Unknown setting Caretta:Aggregator:HtpPort", refusal, StringComparison.Ordinal);
        Assert.Contains("HttpPort, IngressPort", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HttpPort", "-1")]
    [InlineData("HttpPort", "65536")]
    [InlineData("IngressPort", "65536")]
    [InlineData("RemotePort", "-7")]
    [InlineData("ExpireAfter", "00:00:59")]
    [InlineData("ExpireAfter", "366.00:00:00")]
    [InlineData("MaxLinksPerShard", "0")]
    [InlineData("MaxLinksPerShard", "1000001")]
    [InlineData("SnapshotEvery", "0")]
    [InlineData("DataFolder", "")]
    [InlineData("ListenAddress", "localhost")]
    [InlineData("Exported", "7")]
    [InlineData("LogFormat", "7")]
    [InlineData("MaxExternalsPerWorkload", "0")]
    [InlineData("MaxExternalsPerWorkload", "10001")]
    public void A_setting_out_of_range_is_named(string setting, string value)
    {
        Assert.Contains($"Setting Caretta:Aggregator:{setting} is wrong", Refusal(setting, value), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HttpPort", "many")]
    [InlineData("ExpireAfter", "tomorrow")]
    [InlineData("Exported", "some")]
    [InlineData("LogFormat", "xml")]
    [InlineData("MaxLinksPerShard", "99999999999")]
    public void A_setting_that_cannot_be_read_is_named(string setting, string value)
    {
        Assert.Contains($"Caretta:Aggregator:{setting}", Refusal(setting, value), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("office", "'office' is no group. Write name=network")]
    [InlineData("a=10.0.0.0/8,,b=11.0.0.0/8", "'' is no group.")]
    [InlineData("a=10.0.0.0/8=c", "'a=10.0.0.0/8=c' is no group.")]
    [InlineData("=10.0.0.0/8", "'' in '=10.0.0.0/8' cannot name a group.")]
    [InlineData("~other=10.0.0.0/8", "'~other' in '~other=10.0.0.0/8' cannot name a group.")]
    [InlineData("10.0.0.1=10.0.0.0/8", "'10.0.0.1' in '10.0.0.1=10.0.0.0/8' cannot name a group.")]
    [InlineData("a=10.20.1.0/16", "'10.20.1.0/16' in 'a=10.20.1.0/16' is no network. It has bits beyond its prefix; write 10.20.0.0/16.")]
    [InlineData("a=2001:db8::1/32", "is no network. It has bits beyond its prefix; write 2001:db8::/32.")]
    [InlineData("a=10.0.0.1", "Write the length of its prefix, 0 to 32, behind a slash; one address is 10.0.0.1/32.")]
    [InlineData("a=10.0.0.0/33", "Write the length of its prefix, 0 to 32")]
    [InlineData("a=example.com", "Write an address, a slash and the length of the prefix")]
    [InlineData("a=::ffff:10.0.0.0/104", "is IPv4 written as IPv6. Write it as IPv4.")]
    [InlineData("a=10.0.0.0/8,b=10.0.0.0/8", "'b=10.0.0.0/8' names a network that 'a' has already. Remove one of the two.")]
    public void A_group_that_is_wrong_is_named_with_what_would_do(string groups, string fault)
    {
        var refusal = Refusal("ExternalGroups", groups);
        Assert.Contains("Setting Caretta:Aggregator:ExternalGroups is wrong", refusal, StringComparison.Ordinal);
        Assert.Contains(fault, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dns.example", "'dns.example' is no DNS server.")]
    [InlineData("10.0.0.10,", "'' is no DNS server.")]
    [InlineData("10", "'10' is no DNS server.")]
    [InlineData("10.0.0.10:99999", "Write its address, with a port if it is not 53")]
    public void A_DNS_server_that_is_none_is_named_with_what_would_do(string servers, string fault)
    {
        var refusal = Refusal("DnsServers", servers);
        Assert.Contains("Setting Caretta:Aggregator:DnsServers is wrong", refusal, StringComparison.Ordinal);
        Assert.Contains(fault, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_cannot_be_called_together_and_by_DNS()
    {
        var refusal = Assert.Throws<SettingException>(() => Read(("GroupExternals", "true"), ("ReverseDns", "true"))).Message;
        Assert.Contains("Turn one of the two off", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_ports_must_differ()
    {
        var refusal = Assert.Throws<SettingException>(() => Read(("HttpPort", "9000"), ("IngressPort", "9000")));
        Assert.Contains("ports must differ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_left_to_the_system_may_all_be_zero()
    {
        Assert.Equal(0, Read(("HttpPort", "0"), ("IngressPort", "0"), ("RemotePort", "0")).RemotePort);
    }

    private static string Refusal(string setting, string value) =>
        Assert.Throws<SettingException>(() => Read((setting, value))).Message;

    private static AggregatorOptions Read(params (string Setting, string Value)[] settings) => SettingsSection.Read<AggregatorOptions>(
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(one => KeyValuePair.Create($"Caretta:Aggregator:{one.Setting}", (string?)one.Value)))
            .Build(),
        AggregatorOptions.Section);
}
