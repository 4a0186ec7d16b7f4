using System.Net;
using System.Net.Sockets;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator;

/// <summary>The real executable where there is no IPv4.</summary>
public class Ipv6Specs
{
    [Theory]
    [InlineData("--listen-address=::1")]
    [InlineData("--listen-address=::1", "--advertised-host=0:0:0:0:0:0:0:1")]
    public async Task A_member_is_one_serves_agents_and_is_scraped_at_an_IPv6_address(params string[] settings)
    {
        Assert.SkipUnless(HasLoopback() || Environment.GetEnvironmentVariable("CARETTA_REQUIRE_PRIVILEGED") == "1", "This machine has no ::1.");
        using var folder = new TempFolder();
        await using var aggregator = await AggregatorProcess.StartAsync(folder.Path, settings);
        await using var agent = await AgentClient.OpenAsync(aggregator.Ingress, Traffic.Source("node-a"));
        await agent.ReportAsync(watermark: 1, Traffic.Report(Traffic.Link(1), sent: 1000)); // returns when the journal has it

        Assert.Equal("[::1]", aggregator.Ingress.Host);
        await aggregator.ScrapeUntilAsync("caretta_aggregator_members", members => members == 1);
    }

    private static bool HasLoopback()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
