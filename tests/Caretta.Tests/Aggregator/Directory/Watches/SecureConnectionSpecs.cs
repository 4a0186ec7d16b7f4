using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Caretta.Aggregator;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Aggregator.Directory.Watches;
using Caretta.FakeCluster;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;

namespace Caretta.Tests.Aggregator.Directory.Watches;

/// <summary>By TLS and HTTP/2, as with every real API server: with a kubeconfig's authority and token.</summary>
public class SecureConnectionSpecs
{
    private readonly ManualTime _time = new();
    private readonly SimulatedCluster _cluster = new();

    [Fact]
    public async Task All_watches_share_a_connection_and_bear_the_token()
    {
        using var certificate = SelfSigned();
        await using var server = await FakeApiServer.StartAsync(_cluster, certificate);
        var sink = new RecordingSink(_time);
        using var api = Api(server, certificate);
        using var watch = Watch(api, sink);
        await watch.StartAsync(default);
        await Task.WhenAll(ApiKind.All.Select(kind => server.WatchesOpen(kind)));
        _cluster.Put(Manifest.Pod("shop", "a"));
        await sink.UntilNamed("a");
        await watch.StopAsync(default);

        Assert.All(server.Requests.All, one => Assert.Equal(("HTTP/2", "Bearer secret"), (one.Protocol, one.Headers["Authorization"])));
    }

    [Fact]
    public async Task A_stream_that_breaks_takes_up_again()
    {
        using var certificate = SelfSigned();
        await using var server = await FakeApiServer.StartAsync(_cluster, certificate);
        var sink = new RecordingSink(_time);
        using var api = Api(server, certificate);
        using var watch = Watch(api, sink);
        await watch.StartAsync(default);
        await Task.WhenAll(ApiKind.All.Select(kind => server.WatchesOpen(kind)));
        server.Faults.CutNextEvent(ApiKind.Pods);
        _cluster.Put(Manifest.Pod("shop", "a"));
        await sink.UntilState(ObjectKind.Pod, Caretta.Aggregator.Directory.WatchState.Interrupted);
        await _time.TimerWithin(TimeSpan.FromSeconds(1));
        _time.PassToNextTimer();
        await sink.UntilNamed("a");
        await watch.StopAsync(default);

        Assert.Single(sink.Changes);
        Assert.Equal(ApiKind.All.Count, server.Requests.All.Count(one => !one.Watch));
    }

    [Fact]
    public async Task A_server_that_another_authority_vouches_for_is_not_believed()
    {
        using var certificate = SelfSigned();
        using var other = SelfSigned();
        await using var server = await FakeApiServer.StartAsync(_cluster, certificate);
        var sink = new RecordingSink(_time);
        using var api = Api(server, other);
        using var watch = Watch(api, sink);
        await watch.StartAsync(default);
        await sink.UntilState(ObjectKind.Pod, Caretta.Aggregator.Directory.WatchState.Interrupted);
        await watch.StopAsync(default);

        Assert.Empty(server.Requests.All);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=fake-api-server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private ApiConnection Api(FakeApiServer server, X509Certificate2 authority)
    {
        using var folder = new Fakes.TempFolder();
        var file = Path.Combine(folder.Path, "config");
        File.WriteAllText(file, $$$"""
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: x, user: u}}]
            clusters:
            - name: x
              cluster:
                server: {{{server.Address}}}
                certificate-authority-data: {{{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authority.ExportCertificatePem()))}}}
            users: [{name: u, user: {token: secret}}]
            """);
        var options = new AggregatorOptions { Kubernetes = KubernetesAccess.KubeConfig, KubeConfigFile = file };
        return new ApiConnection(ApiAccess.Configuration(options)!, "1.2.3", _time);
    }

    private ClusterWatch Watch(ApiConnection api, RecordingSink sink) => new(
        api,
        sink,
        new Caretta.Aggregator.Directory.DirectoryMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())),
        _time,
        NullLogger<ClusterWatch>.Instance);
}
