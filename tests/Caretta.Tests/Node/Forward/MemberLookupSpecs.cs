using System.Net;
using System.Net.Sockets;
using Caretta.Node.Forward;

namespace Caretta.Tests.Node.Forward;

public class MemberLookupSpecs
{
    private static readonly Uri Headless = new("https://members:7000");
    private static readonly Uri Second = new("https://second:7001");

    [Fact]
    public async Task Each_address_of_a_name_is_a_member_and_so_are_those_of_every_other_name()
    {
        var members = await MemberLookup.FindAsync([Headless, Second], Names(("members", ["10.0.0.1", "10.0.0.2", "fd00::3"]), ("second", ["10.0.0.9"])));
        Assert.Equal(
            ["10.0.0.1:7000", "10.0.0.2:7000", "[fd00::3]:7000", "10.0.0.9:7001"], members.Select(member => member.Socket.ToString()));
        Assert.Equal([Headless, Headless, Headless, Second], members.Select(member => member.Endpoint));
    }

    [Fact]
    public async Task A_name_without_an_address_does_not_hide_the_others() =>
        Assert.Equal(
            [IPAddress.Parse("10.0.0.9")],
            (await MemberLookup.FindAsync([Headless, Second], Names(("second", ["10.0.0.9"])))).Select(member => member.Socket.Address));

    [Fact]
    public async Task When_no_name_has_an_address_what_each_said_is_told()
    {
        var failed = await Assert.ThrowsAsync<IOException>(() => MemberLookup.FindAsync([Headless, Second], Names(("second", []))));
        Assert.Contains("members: ", failed.Message, StringComparison.Ordinal);
        Assert.Contains("second: it has no address", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_asked_for_as_dns_spells_it()
    {
        var asked = new List<string>();
        await MemberLookup.FindAsync([new Uri("https://knoten-ä.example:7000")], name =>
        {
            asked.Add(name);
            return Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
        });
        Assert.Equal(["xn--knoten--cxa.example"], asked);
    }

    private static Func<string, Task<IPAddress[]>> Names(params (string Name, string[] Addresses)[] known) => name =>
        Array.Find(known, one => one.Name == name) is { Addresses: { } addresses }
            ? Task.FromResult(addresses.Select(IPAddress.Parse).ToArray())
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
}
