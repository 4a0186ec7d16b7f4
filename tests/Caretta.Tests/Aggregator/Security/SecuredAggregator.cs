using System.Net.Security;
using Caretta.Aggregator.Hosting;
using Caretta.Aggregator.Security;
using Caretta.Aggregator.Security.Http;
using Caretta.FakeCluster;
using Caretta.Messages.Wire;
using Caretta.Tests.Aggregator.Fakes;
using Caretta.Messages.Tls;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;
using Source = Caretta.Messages.Source;

namespace Caretta.Tests.Aggregator.Security;

/// <summary>The whole aggregator, under TLS, in this process, so that its files can be looked after when a spec says so.</summary>
internal sealed class SecuredAggregator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TempFolder _folder;
    private readonly TestAuthority _authority;

    private SecuredAggregator(WebApplication app, TempFolder folder, TestAuthority authority) => (_app, _folder, _authority) = (app, folder, authority);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public TestAuthority Authority => _authority;

    public string Folder => _folder.Path;

    public IServiceProvider Services => _app.Services;

    public Uri Http => Local(_app.Urls.First());

    public Uri Ingress => Local(_app.Urls.Last());

    /// <param name="settings">Further ones, as on the command line.</param>
    public static async Task<SecuredAggregator> StartAsync(bool withIntermediate = false, params string[] settings)
    {
        var folder = new TempFolder();
        return await StartAsync(folder, new TestAuthority(folder.Path, withIntermediate: withIntermediate), settings);
    }

    /// <param name="folder">Goes with it, as does the authority; may hold files that the settings name.</param>
    public static async Task<SecuredAggregator> StartAsync(TempFolder folder, TestAuthority authority, params string[] settings)
    {
        var (certificate, key) = authority.Member();
        var app = AggregatorHost.Build(
        [
            "--http-port=0", "--ingress-port=0", "--remote-port=0", $"--data-folder={Path.Combine(folder.Path, "data")}",
            $"--certificate-file={certificate}", $"--key-file={key}", $"--ca-file={authority.CaFile}", .. settings,
        ]);
        var aggregator = new SecuredAggregator(app, folder, authority);
        await app.StartAsync(Cancel);
        return aggregator;
    }

    /// <summary>As its clock does.</summary>
    public void LookAfterFiles()
    {
        var log = Services.GetRequiredService<ReloadLog>();
        foreach (var file in Services.GetRequiredService<Credentials>().Files.Concat(Services.GetRequiredService<HttpCredentials>().Files))
        {
            file.Reload(log);
        }
    }

    /// <summary>An agent's end of a stream, that believes this aggregator.</summary>
    /// <param name="files">Its certificate and key; null: it shows none.</param>
    public AgentClient Dial((string Certificate, string Key)? files, Metadata? headers = null) =>
        AgentClient.Dial(Channel(files), headers);

    public GrpcChannel Channel((string Certificate, string Key)? files)
    {
        var trusted = Authorities.Parse(new FileText("", File.ReadAllText(_authority.CaFile)));
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trusted.Policy() },
        };
        if (files is { } mine)
        {
            handler.SslOptions.ClientCertificateContext = Identity
                .Parse(new FileText("", File.ReadAllText(mine.Certificate)), new FileText("", File.ReadAllText(mine.Key)), Valid(mine.Certificate)).Context;
        }

        return GrpcChannel.ForAddress(Ingress, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }

    /// <summary>What it says to a Hello.</summary>
    public async Task<FromAggregator> AnswerTo((string Certificate, string Key)? files, string nodeName, Metadata? headers = null)
    {
        await using var agent = Dial(files, headers);
        await agent.SayAsync(AgentClient.Hello(new Source(nodeName, Guid.NewGuid())));
        return (await agent.NextAsync())!;
    }

    /// <summary>Of its own metrics.</summary>
    public async Task<double> Metric(string name, params (string Label, string Value)[] labels)
    {
        using var text = new MemoryStream();
        await Services.GetRequiredService<CollectorRegistry>().CollectAndExportAsTextAsync(text, Cancel);
        return Page.Parse(System.Text.Encoding.UTF8.GetString(text.ToArray())).Of(name)
            .Single(sample => labels.All(label => sample.Labels[label.Label] == label.Value)).Value;
    }

    /// <summary>For what nobody is told of: looks again until it is so. The deadline only turns a hang into a failure.</summary>
    public async Task MetricIs(double value, string name)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        double now;
        while ((now = await Metric(name)) != value)
        {
            Assert.False(deadline.IsCancellationRequested, $"{name} stays at {now}.");
            await Task.Yield();
        }
    }

    /// <summary>An agent of another node was welcome and heard of all shards: what comes now waits for nothing that a start takes.</summary>
    public async Task ServesAsync((string Certificate, string Key)? files, Source source, Metadata? headers = null)
    {
        await using var agent = Dial(files, headers);
        await agent.BeginAsync(source);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(Cancel);
        await _app.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    /// <summary>A time at which even one that has expired could be loaded: an agent may show what it likes.</summary>
    private static DateTimeOffset Valid(string certificate)
    {
        using var leaf = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(File.ReadAllText(certificate));
        return new DateTimeOffset(leaf.NotBefore.ToUniversalTime(), TimeSpan.Zero).AddSeconds(1);
    }

    private static Uri Local(string url) => new(url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
}
