using System.Text;
using Caretta.Aggregator.Certificates;
using Caretta.FakeCluster;

namespace Caretta.Tests.Aggregator.Certificates;

public sealed class CertificatesCommandSpecs : IAsyncLifetime
{
    private const string Authority = "secrets/caretta/caretta-authority";
    private const string Member = "secrets/caretta/caretta-aggregator-tls";
    private const string Bundle = "configmaps/caretta-agents/caretta-authorities";
    private const string Members = "statefulsets/caretta/caretta-aggregator";

    private readonly ManualTime _time = new();
    private readonly StringWriter _said = new();
    private FakeApiServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync(new SimulatedCluster());
        foreach (var key in new[] { Authority, Member, Bundle, Members })
        {
            _server.Objects.Add(key);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _said.DisposeAsync();
    }

    [Fact]
    public async Task The_first_run_fills_what_was_empty_and_restarts_nobody()
    {
        Assert.Equal(0, await RunAsync());

        Assert.Equal([Authority, Bundle, Member], _server.Objects.Writes);
        Assert.Equal(["ca.crt", "ca.key"], Keys(Authority));
        Assert.Equal(["ca.crt", "tls.crt", "tls.key"], Keys(Member));
        Assert.Equal(Secret(Member, "ca.crt"), _server.Objects.Find(Bundle)!["data"]!["ca.crt"]!.GetValue<string>());
        Assert.DoesNotContain("PRIVATE", _server.Objects.Find(Bundle)!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_run_writes_nothing()
    {
        await RunAsync();
        _server.Objects.Writes.Clear();

        Assert.Equal(0, await RunAsync());

        Assert.Empty(_server.Objects.Writes);
        Assert.Contains("Nothing to do.", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_that_have_a_new_certificate_are_rolled_once()
    {
        await RunAsync();
        _time.Pass(TimeSpan.FromDays(61));
        await RunAsync();
        var rolled = Annotation();
        await RunAsync();

        Assert.Equal("1", rolled);
        Assert.Equal("1", Annotation());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_run_that_is_cut_off_anywhere_is_completed_by_the_next(int writes)
    {
        await RunAsync();
        _time.Pass(TimeSpan.FromDays(740)); // a new authority to tell of, and a new certificate
        _server.Objects.FailAfter(writes);
        Assert.Equal(1, await RunAsync());
        _server.Objects.FailAfter(null);

        Assert.Equal(0, await RunAsync());

        Assert.Equal("1", Annotation());
        Assert.Equal(["ca.crt", "ca.key", "next.crt", "next.key"], Keys(Authority));
        Assert.Contains(Secret(Authority, "next.crt").Trim(), Secret(Member, "ca.crt"), StringComparison.Ordinal);
        Assert.Equal(Secret(Member, "ca.crt"), _server.Objects.Find(Bundle)!["data"]!["ca.crt"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_is_missing_is_named_with_the_remedy_and_no_key_is_said()
    {
        Assert.Equal(1, await RunAsync("--authority", "elsewhere"));

        Assert.Contains("Secret caretta/elsewhere: the API server says HTTP 404. Apply the manifests", _said.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_api_server_in_the_settings_it_says_so()
    {
        Assert.Equal(1, await CertificatesCommand.RunAsync(["certificates"], _said, _said, _time, TestContext.Current.CancellationToken));

        Assert.Contains("Kubernetes is Off", _said.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] more) => CertificatesCommand.RunAsync(
        [
            "certificates", "--kubernetes", "ApiServer", "--api-server", _server.Address.AbsoluteUri, "--name", "caretta-aggregator-agents.caretta.svc",
            "--restart", "caretta-aggregator", .. more,
        ],
        _said,
        _said,
        _time,
        TestContext.Current.CancellationToken);

    private string? Annotation() =>
        _server.Objects.Find(Members)!["spec"]?["template"]?["metadata"]?["annotations"]?[CertificateStore.RenewalsAnnotation]?.GetValue<string>();

    private IEnumerable<string> Keys(string key) => _server.Objects.Find(key)!["data"]!.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal);

    private string Secret(string key, string name) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(_server.Objects.Find(key)!["data"]![name]!.GetValue<string>()));
}
