using System.Net;
using Caretta.Aggregator.Directory.Externals;

namespace Caretta.Tests.Aggregator.Directory.Externals;

public class DnsServerListSpecs
{
    [Fact]
    public void A_server_without_a_port_has_that_of_DNS() => Assert.Equal(
        ["10.0.0.10:53", "10.0.0.11:5353", "[fd00::10]:53", "[fd00::11]:5353"],
        DnsServerList.Parse("10.0.0.10, 10.0.0.11:5353,fd00::10,[fd00::11]:5353").Select(server => server.ToString()));

    [Fact]
    public void Without_any_there_are_none() => Assert.Equal<IPEndPoint>([], DnsServerList.Parse(""));

    [Theory]
    [InlineData("10")]
    [InlineData("10.0.0")]
    [InlineData("10.1:53")]
    [InlineData("10.0.0.300")]
    [InlineData("dns.example")]
    public void What_is_no_whole_address_is_named(string entry)
    {
        var wrong = Assert.Throws<FormatException>(() => DnsServerList.Parse($"10.0.0.10,{entry}"));
        Assert.Contains($"'{entry}' is no DNS server", wrong.Message, StringComparison.Ordinal);
    }
}
