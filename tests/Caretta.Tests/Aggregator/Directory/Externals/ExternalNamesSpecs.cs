using Caretta.Aggregator.Directory.Externals;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory.Externals;

public class ExternalNamesSpecs
{
    [Fact]
    public async Task Without_settings_an_address_is_called_by_itself_at_once()
    {
        await using var names = Names("", together: false);
        Assert.Equal(new ExternalName(External("203.0.113.7"), IsPending: false), names.NameOf(Address.Parse("::ffff:203.0.113.7")));
        Assert.Equal(External("2001:db8::1"), names.NameOf(Address.Parse("2001:0DB8:0:0::1")).Workload);
    }

    [Theory]
    [InlineData("10.20.1.1", "lab")]
    [InlineData("10.20.2.1", "office")]
    [InlineData("10.21.0.1", "rest")]
    [InlineData("2001:db8:1::1", "office")]
    [InlineData("2001:db9::1", "2001:db9::1")]
    [InlineData("11.0.0.1", "11.0.0.1")]
    public async Task The_most_specific_group_names_an_address(string address, string name)
    {
        await using var names = Names("rest=10.0.0.0/8, lab=10.20.1.0/24, office=10.20.0.0/16, office=2001:db8::/32", together: false);
        Assert.Equal(External(name), names.NameOf(Address.Parse(address)).Workload);
    }

    [Fact]
    public async Task A_network_of_all_IPv4_addresses_contains_none_of_IPv6()
    {
        await using var names = Names("four=0.0.0.0/0", together: false);
        Assert.Equal("four", names.NameOf(Address.Parse("203.0.113.7")).Workload.Name);
        Assert.Equal("::1:2:3", names.NameOf(Address.Parse("::1:2:3")).Workload.Name);
    }

    [Fact]
    public async Task All_together_have_one_name_except_those_in_a_group()
    {
        await using var names = Names("office=10.20.0.0/16", together: true);
        Assert.Equal(new ExternalName(External("~external"), IsPending: false), names.NameOf(Address.Parse("203.0.113.7")));
        Assert.Equal(External("office"), names.NameOf(Address.Parse("10.20.0.1")).Workload);
    }

    [Fact]
    public async Task An_address_in_a_group_is_not_asked_for()
    {
        await using var names = new NamesUnderTest(groups: "office=10.20.0.0/16");
        var address = Address.Parse("10.20.0.1");
        names.Dns.Name(address, 300, "printer.example");
        Assert.Equal(("office", false), (names.NameOf(address), names.IsPending(address)));
        await names.SettleAsync();
        Assert.Equal(0, names.Dns.Asked(address));
    }

    private static ExternalNames Names(string groups, bool together) => new(ExternalGroups.Parse(groups), together, reverse: null);

    private static Workload External(string name) => new("external", "external", name);
}
