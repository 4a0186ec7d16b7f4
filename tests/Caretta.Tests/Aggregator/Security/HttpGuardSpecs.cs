using System.Net;
using System.Net.Security;
using System.Text;
using Caretta.Aggregator.Security.Http;
using Caretta.FakeCluster;
using Caretta.Tests.Aggregator.Fakes;
using Caretta.Messages.Tls;

namespace Caretta.Tests.Aggregator.Security;

/// <summary>Who may ask the HTTP port what.</summary>
public class HttpGuardSpecs
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_authentication_everybody_may_read_everything_but_only_by_TLS()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        using var client = Client(aggregator);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, "/metrics"));
        using var plain = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync(new UriBuilder(aggregator.Http) { Scheme = "http" }.Uri, Cancel));
    }

    [Fact]
    public async Task With_tokens_health_is_open_and_the_rest_asks_for_one()
    {
        await using var aggregator = await WithFileAsync("http-tokens-file", $"# of Prometheus\n{Token}\n\nfedcba9876543210fedcba9876543210\n");
        using var client = Client(aggregator);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, "/healthz"));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await AskAsync(client, "/readyz"));
        foreach (var page in new[] { "/metrics", "/METRICS", "/metrics/", "/", "/nothing", "/healthz/", "/healthz/../metrics" })
        {
            Assert.Equal((page, HttpStatusCode.Unauthorized), (page, await AskAsync(client, page)));
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, "/metrics", $"Bearer {Token}"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, "/metrics", "Bearer fedcba9876543210fedcba9876543210"));
        foreach (var wrong in new[] { $"Bearer {Token}0", "Bearer x", "Bearer # of Prometheus", $"Bearer {Token.ToUpperInvariant()}" })
        {
            Assert.Equal((wrong, HttpStatusCode.Unauthorized), (wrong, await AskAsync(client, "/metrics", wrong)));
        }

        Assert.Equal(4, await aggregator.Metric("caretta_aggregator_http_refusals_total", ("reason", "wrong")));
        Assert.Equal(7, await aggregator.Metric("caretta_aggregator_http_refusals_total", ("reason", "missing")));
    }

    [Fact]
    public async Task A_refusal_is_small_and_says_how_to_ask()
    {
        await using var aggregator = await WithFileAsync("http-tokens-file", Token);
        using var client = Client(aggregator);
        using var refusal = await client.GetAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        Assert.Equal("Bearer", refusal.Headers.WwwAuthenticate.ToString());
        Assert.Equal("not admitted\n", await refusal.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task With_passwords_who_knows_one_is_let_in()
    {
        var hash = PasswordHash.Of("correct horse", iterations: 10_000);
        await using var aggregator = await WithFileAsync("http-passwords-file", $"ann:{hash}\n");
        using var client = Client(aggregator);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, "/metrics", Basic("ann:correct horse")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, "/metrics", Basic("ann:correct horse"))); // remembered
        foreach (var wrong in new[] { Basic("ann:wrong"), Basic("bob:correct horse"), Basic("ann"), Basic(""), "Basic !", $"Basic {hash}", "Basic " })
        {
            Assert.Equal((wrong, HttpStatusCode.Unauthorized), (wrong, await AskAsync(client, "/metrics", wrong)));
        }

        await File.WriteAllTextAsync(Path.Combine(aggregator.Folder, "credentials"), $"ann:{PasswordHash.Of("battery staple", 10_000)}\n", Cancel);
        aggregator.LookAfterFiles();
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(client, "/metrics", Basic("ann:correct horse")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, "/metrics", Basic("ann:battery staple")));

        await File.WriteAllTextAsync(Path.Combine(aggregator.Folder, "credentials"), "ann:secret\n", Cancel);
        aggregator.LookAfterFiles();
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, "/metrics", Basic("ann:battery staple"))); // what cannot be used is not taken over
        Assert.Equal(1, await aggregator.Metric("caretta_aggregator_reload_failures_total", ("file", "http_passwords")));
    }

    [Theory]
    [InlineData("127.0.0.0/8", HttpStatusCode.OK)]
    [InlineData("192.0.2.0/24", HttpStatusCode.Unauthorized)]
    public async Task A_proxys_word_is_taken_from_the_proxy_alone(string networks, HttpStatusCode status)
    {
        await using var aggregator = await SecuredAggregator.StartAsync(settings: ["--http-proxy-header=X-User", $"--http-proxy-networks={networks}"]);
        using var client = Client(aggregator);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(client, "/metrics"));
        client.DefaultRequestHeaders.Add("X-User", "ann");
        Assert.Equal(status, await AskAsync(client, "/metrics"));
    }

    [Fact]
    public async Task Metrics_and_health_are_switched_apart()
    {
        await using var aggregator = await WithFileAsync("http-tokens-file", Token, "--metrics-access=Open", "--health-access=Guarded");
        using var client = Client(aggregator);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, "/metrics"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(client, "/healthz"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(client, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, "/healthz", $"Bearer {Token}"));
    }

    [Fact]
    public async Task The_agents_port_shows_no_page_either()
    {
        await using var aggregator = await WithFileAsync("http-tokens-file", Token);
        using var client = Client(aggregator, aggregator.Ingress);
        client.DefaultRequestVersion = HttpVersion.Version20;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(client, "/metrics"));
    }

    private static string Basic(string credentials) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}";

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string page, string? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseAddress!, page)) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await client.SendAsync(request, Cancel);
        return response.StatusCode;
    }

    private static async Task<SecuredAggregator> WithFileAsync(string setting, string content, params string[] more)
    {
        var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "credentials");
        await File.WriteAllTextAsync(file, content, Cancel);
        return await SecuredAggregator.StartAsync(folder, new TestAuthority(folder.Path), [$"--{setting}={file}", .. more]);
    }

    private static HttpClient Client(SecuredAggregator aggregator, Uri? at = null)
    {
        var trusted = Authorities.Parse(new FileText("", File.ReadAllText(aggregator.Authority.CaFile)));
        return new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trusted.Policy() } })
        {
            BaseAddress = at ?? aggregator.Http,
        };
    }
}
