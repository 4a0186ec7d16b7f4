using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Akka.TestKit.Xunit;
using Caretta.FakeCluster;
using Caretta.Messages.Wire;
using Caretta.Node;
using Caretta.Node.Forward;
using Caretta.Node.Security;
using Caretta.Tests.Aggregator.Fakes;
using Caretta.Tests.Aggregator.Security;
using Caretta.Messages.Tls;
using Prometheus;

namespace Caretta.Tests.Node.Security;

/// <summary>The agent's own streams, over real TLS: whom it believes, and what it shows.</summary>
public sealed class ChannelSecuritySpecs : TestKit, IReloadLog
{
    private const string Node = "node-a";

    private readonly TempFolder _folder = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly TestAuthority _authority;
    private readonly ForwarderMetrics _metrics;

    public ChannelSecuritySpecs()
        : base("akka.test.single-expect-default = 60s")
    {
        _authority = new TestAuthority(_folder.Path);
        _metrics = new ForwarderMetrics(Metrics.WithCustomRegistry(_registry));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    void IReloadLog.Reloaded(string what)
    {
    }

    void IReloadLog.Kept(string what, string why) => Assert.Fail(why);

    [Fact]
    public async Task It_is_welcome_where_both_ends_believe_each_other_and_after_its_files_were_replaced()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        using var stranger = new TestAuthority(_folder.Path, "stranger");
        var (certificate, key) = stranger.Node(Node);
        var credentials = NodeCredentials.Read(Options(aggregator.Authority.CaFile, certificate, key), TimeProvider.System);
        var security = new ChannelSecurity(credentials.Authorities, credentials.Identity, null, _metrics, TimeProvider.System);
        Assert.Equal(RefusalKind.RefusalUnauthenticated, (await FirstWordAsync(aggregator.Ingress, security)).Refused.Kind);

        var (newCertificate, newKey) = aggregator.Authority.Node(Node);
        File.Copy(newCertificate, certificate, overwrite: true);
        File.Copy(newKey, key, overwrite: true);
        credentials.Identity!.Reload(this);
        Assert.NotNull((await FirstWordAsync(aggregator.Ingress, security)).Welcome);
    }

    [Fact]
    public async Task An_aggregator_that_is_not_who_it_should_be_is_told_from_one_that_is_away_and_counted()
    {
        using var stranger = new TestAuthority(_folder.Path, "stranger");
        var now = DateTimeOffset.UtcNow;
        await Distrusted(stranger.Member("forged"), "untrusted", "does not chain to an authority");
        await Distrusted(_authority.Node("localhost"), "purpose", "serverAuth"); // an agent that plays aggregator
        await Distrusted(_authority.Server("elsewhere", "elsewhere.example"), "name", "is not for localhost");
        await Distrusted(_authority.Issue("old", ["localhost"], TestAuthority.DialsAndIsDialled, now.AddDays(-1), now.AddMinutes(-1)), "expired", "Issue a new one");
    }

    [Fact]
    public void A_token_is_read_for_each_stream_and_one_that_cannot_be_sent_is_not()
    {
        var file = Path.Combine(_folder.Path, "token");
        var token = new TokenFile(file);
        Assert.Contains("cannot be read", Assert.Throws<UnusableFileException>(token.Read).Message, StringComparison.Ordinal);
        File.WriteAllText(file, "first\n");
        Assert.Equal("first", token.Read());
        File.WriteAllText(file, "second");
        Assert.Equal("second", token.Read());
        foreach (var wrong in new[] { "", "\n", "two\nlines", "tökén", new string('x', 20_000) })
        {
            File.WriteAllText(file, wrong);
            Assert.Contains("holds no token", Assert.Throws<UnusableFileException>(token.Read).Message, StringComparison.Ordinal);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _authority.Dispose();
        _folder.Dispose();
    }

    private static NodeOptions Options(string authorities, string certificate, string key) =>
        new() { NodeName = Node, CaFile = authorities, CertificateFile = certificate, KeyFile = key };

    private async Task Distrusted((string Certificate, string Key) server, string reason, string said)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener, server);
        var (certificate, key) = _authority.Node(Node);
        var credentials = NodeCredentials.Read(Options(_authority.CaFile, certificate, key), TimeProvider.System);
        var security = new ChannelSecurity(credentials.Authorities, credentials.Identity, null, _metrics, TimeProvider.System);
        using var uplink = GrpcUplink.To(security)(1, At(new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}")), TestActor);
        var broken = await ExpectMsgAsync<StreamBroken>(cancellationToken: Cancel);
        Assert.Contains(said, broken.Cause, StringComparison.Ordinal);
        Assert.True(await CountAsync(reason) >= 1);
        listener.Stop();
        await answering;
    }

    private async Task<double> CountAsync(string reason)
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text, Cancel);
        return Page.Parse(System.Text.Encoding.UTF8.GetString(text.ToArray())).Of("caretta_node_distrusted_aggregators_total")
            .Single(sample => sample.Labels["reason"] == reason).Value;
    }

    private static async Task AnswerAsync(TcpListener listener, (string Certificate, string Key) files)
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(files.Certificate), File.ReadAllText(files.Key));
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(Cancel);
                await using var tls = new SslStream(client.GetStream());
                try
                {
                    await tls.AuthenticateAsServerAsync(
                        new SslServerAuthenticationOptions { ServerCertificate = certificate, ApplicationProtocols = [SslApplicationProtocol.Http2] }, Cancel);
                    await tls.CopyToAsync(Stream.Null, Cancel);
                }
                catch (Exception cut) when (cut is IOException or AuthenticationException)
                {
                    // The agent hung up.
                }
            }
        }
        catch (Exception over) when (over is SocketException or InvalidOperationException)
        {
            // Enough.
        }
    }

    private static MemberAddress At(Uri endpoint) => new(endpoint, IPAddress.Loopback);

    private async Task<FromAggregator> FirstWordAsync(Uri aggregator, ChannelSecurity security)
    {
        using var uplink = GrpcUplink.To(security)(1, At(aggregator), TestActor);
        uplink.Send(AgentClient.Hello(Traffic.Source(Node)));
        var said = (await FishForMessageAsync<StreamReceived>(_ => true, cancellationToken: Cancel)).Message;
        return said;
    }
}
