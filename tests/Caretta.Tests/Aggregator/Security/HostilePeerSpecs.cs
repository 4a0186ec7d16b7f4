using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Caretta.Messages.Wire;
using Caretta.Tests.Aggregator.Fakes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Caretta.Tests.Aggregator.Security;

/// <summary>What strangers do to the three ports neither stops the process nor keeps agents out.</summary>
public class HostilePeerSpecs
{
    private const string Node = "node-a";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Garbage_and_half_handshakes_on_every_port_change_nothing()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        var silent = new List<TcpClient>();
        foreach (var port in Ports(aggregator))
        {
            await SendAsync(port, RandomBytes(seed: 1));
            await SendAsync(port, Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"));
            await SendAsync(port, Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
            await SendAsync(port, [0x16, 0x03, 0x01, 0xff, 0xff, .. RandomBytes(seed: 2)]); // a ClientHello of nonsense
            for (var i = 0; i < 50; i++)
            {
                silent.Add(await ConnectAsync(port)); // and never a word
            }
        }

        await StillServesAsync(aggregator);
        silent.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task A_TLS_peer_without_a_certificate_gets_nothing_from_the_members_port()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        using var client = await ConnectAsync(RemotePort(aggregator));
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Cancel);
            await tls.WriteAsync(RandomBytes(seed: 3), Cancel);
            Assert.Equal(0, await tls.ReadAsync(new byte[16], Cancel));
        }
        catch (Exception cut) when (cut is IOException or System.Security.Authentication.AuthenticationException)
        {
            // Either end may be the first to notice.
        }

        await StillServesAsync(aggregator);
    }

    [Fact]
    public async Task Headers_beyond_all_bounds_end_the_call_and_nothing_else()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        var headers = new Metadata { { "authorization", $"Bearer {new string('x', 20_000)}" } };
        Assert.Equal(RefusalKind.RefusalUnauthenticated, (await aggregator.AnswerTo(null, Node, headers)).Refused.Kind);

        headers.Add("more", new string('x', 100_000));
        await Assert.ThrowsAsync<RpcException>(() => aggregator.AnswerTo(null, Node, headers));
        await StillServesAsync(aggregator);
    }

    private static async Task StillServesAsync(SecuredAggregator aggregator)
    {
        await using var agent = aggregator.Dial(aggregator.Authority.Node(Node));
        await agent.BeginAsync(Traffic.Source(Node));
        await agent.ReportAsync(watermark: 1, Traffic.Report(Traffic.Link(1), sent: 1000));
    }

    private static int[] Ports(SecuredAggregator aggregator) => [aggregator.Http.Port, aggregator.Ingress.Port, RemotePort(aggregator)];

    private static int RemotePort(SecuredAggregator aggregator) =>
        ((ExtendedActorSystem)aggregator.Services.GetRequiredService<ActorSystem>()).Provider.DefaultAddress.Port!.Value;

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Cancel);
        return client;
    }

    /// <summary>And hears the other end out.</summary>
    private static async Task SendAsync(int port, byte[] bytes)
    {
        using var client = await ConnectAsync(port);
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(bytes, Cancel);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(Stream.Null, Cancel);
        }
        catch (Exception cut) when (cut is IOException or SocketException)
        {
            // It hung up, rightly.
        }
    }

    private static byte[] RandomBytes(int seed)
    {
        var bytes = new byte[4096];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
