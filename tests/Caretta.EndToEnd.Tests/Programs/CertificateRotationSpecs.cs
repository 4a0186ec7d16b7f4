using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Caretta.EndToEnd.Tests.Cluster;
using Caretta.FakeCluster;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>
/// Years of an installation's certificates, by a wall clock that the specs set: <c>caretta-aggregator certificates</c> makes them as the manifests have it,
/// what it wrote is brought to the files of the running programs as a kubelet brings it, and these go on.
/// </summary>
public sealed class CertificateRotationSpecs : IAsyncLifetime
{
    private const string Authority = "secrets/caretta/caretta-authority";
    private const string Member = "secrets/caretta/caretta-aggregator-tls";
    private const string Bundle = "configmaps/caretta-agents/caretta-authorities";

    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-e2e-").FullName;
    private readonly FakeClock _clock;
    private readonly Traffic _traffic = new(71);
    private FakeApiServer _api = null!;
    private OneHost _host = null!;

    public CertificateRotationSpecs() => _clock = new FakeClock(_folder, "all");

    public async ValueTask InitializeAsync()
    {
        _api = await FakeApiServer.StartAsync(new SimulatedCluster());
        foreach (var key in new[] { Authority, Member, Bundle, "statefulsets/caretta/caretta-aggregator" })
        {
            _api.Objects.Add(key);
        }

        _api.Tokens.Accept("token", "caretta-aggregator", "system:serviceaccount:caretta-agents:caretta-node", "node-1");
        await File.WriteAllTextAsync(PathOf("token"), "token");
        _host = new OneHost
        {
            Environment = _clock.Environment,
            AggregatorSettings =
            [
                "--Caretta:Aggregator:Security=Tls",
                "--Caretta:Aggregator:HttpSecurity=Off",
                "--Caretta:Aggregator:Kubernetes=ApiServer",
                $"--Caretta:Aggregator:ApiServer={_api.Address}",
                "--Caretta:Aggregator:AgentServiceAccount=caretta-agents/caretta-node",
                $"--Caretta:Aggregator:CertificateFile={PathOf("tls.crt")}",
                $"--Caretta:Aggregator:KeyFile={PathOf("tls.key")}",
                $"--Caretta:Aggregator:CaFile={PathOf("ca.crt")}",
            ],
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _api.DisposeAsync();
        _traffic.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [PrivilegedFact]
    public async Task A_renewed_certificate_is_shown_without_a_restart_and_streams_live_on()
    {
        await Install();
        var first = await Shown();

        await On(day: 61);
        await Bring();
        await Eventually.True(async () => (await Shown()).SerialNumber == Held().SerialNumber, () => $"the new certificate; the aggregator said:\n{_host.Aggregator.Output}");
        _traffic.LongConnection();
        await _host.Settles(_traffic);
        Assert.NotEqual(first.SerialNumber, Held().SerialNumber);
        Assert.Equal(1, await _host.NodeCounter("caretta_node_connects_total"));

        await _host.Node.Kill();
        _clock.Set(TimeSpan.FromDays(95)); // the first one has ended
        await StartNode().Ready();
        _traffic.LongConnection();
        await _host.Settles(_traffic);
        Assert.Equal(0, await _host.NodeCounter("caretta_node_distrusted_aggregators_total"));
    }

    [PrivilegedFact]
    public async Task One_that_has_ended_is_refused_with_the_reason_and_nothing_is_lost_until_the_new_one_is_there()
    {
        await Install();

        await On(day: 91); // and no kubelet brings what was made
        await _host.Node.Kill();
        StartNode();
        await Eventually.True(
            () => Task.FromResult(_host.Node.Output.Contains("is not valid at", StringComparison.Ordinal)), () => $"the reason; the agent said:\n{_host.Node.Output}");
        Assert.True(await _host.NodeCounter("caretta_node_distrusted_aggregators_total", ("reason", "expired")) >= 1);
        var before = await _host.Exported(_traffic.Port);
        _traffic.LongConnection();
        await _host.ThreePolls();
        Assert.Equal(before, await _host.Exported(_traffic.Port));

        await Bring();
        await _host.Settles(_traffic);
    }

    [PrivilegedFact]
    public async Task A_new_authority_is_believed_before_it_issues_and_the_old_one_until_its_end()
    {
        await Install();
        var first = (await Shown()).Issuer;

        await On(day: 740); // a year before the authority's end
        await Bring();
        Assert.Equal(2, Believed());
        await Eventually.True(
            async () => await Reloads(_host.Node, "caretta_node_reloads_total", "authorities") == 1
                && await Reloads(_host.Aggregator, "caretta_aggregator_reloads_total", "authorities") == 1,
            () => $"both to believe the next authority;\nagent: {_host.Node.Output}\naggregator: {_host.Aggregator.Output}");

        await On(day: 748);
        await Bring();
        await Eventually.True(async () => (await Shown()).Issuer == Held().Issuer, () => $"the new authority's certificate; the aggregator said:\n{_host.Aggregator.Output}");
        Assert.NotEqual(first, Held().Issuer);
        _traffic.LongConnection();
        await _host.Settles(_traffic);
        Assert.Equal(1, await _host.NodeCounter("caretta_node_connects_total"));
        await _host.Node.Kill();
        await StartNode().Ready();
        _traffic.LongConnection();
        await _host.Settles(_traffic);
        Assert.Equal(0, await _host.NodeCounter("caretta_node_distrusted_aggregators_total"));

        await On(day: 1100);
        await Bring();
        Assert.Equal(1, Believed());
        _traffic.LongConnection();
        await _host.Settles(_traffic);
    }

    private static async Task<decimal> Reloads(ProgramUnderTest program, string name, string file) =>
        await program.Scrape() is { } scrape ? scrape.Sum(name, ("file", file)) : 0;

    private async Task Install()
    {
        await On(day: 0);
        await Bring();
        _host.StartAggregator();
        await _host.Aggregator.Ready();
        await StartNode().Ready();
        _traffic.LongConnection();
        await _host.Settles(_traffic);
    }

    /// <summary>The weekly job runs.</summary>
    private async Task On(int day)
    {
        _clock.Set(TimeSpan.FromDays(day));
        var (exitCode, output) = await ProgramUnderTest.RunIn(
            _clock.Environment,
            "caretta-aggregator",
            "certificates", "--kubernetes", "ApiServer", "--api-server", _api.Address.AbsoluteUri, "--name", "localhost", "--restart", "caretta-aggregator");
        Assert.True(exitCode == 0, output);
        Assert.StartsWith("Written:", output, StringComparison.Ordinal);
    }

    /// <summary>What the objects hold to the files of the pods, each whole.</summary>
    private async Task Bring()
    {
        foreach (var name in new[] { "tls.key", "tls.crt", "ca.crt" })
        {
            await Write(name, Secret(name));
        }

        await Write("authorities.crt", _api.Objects.Find(Bundle)!["data"]!["ca.crt"]!.GetValue<string>());
    }

    private async Task Write(string name, string text)
    {
        await File.WriteAllTextAsync(PathOf($"{name}.new"), text);
        File.Move(PathOf($"{name}.new"), PathOf(name), overwrite: true);
    }

    private string Secret(string name) => Encoding.UTF8.GetString(Convert.FromBase64String(_api.Objects.Find(Member)!["data"]![name]!.GetValue<string>()));

    private X509Certificate2 Held() => X509Certificate2.CreateFromPem(Secret("tls.crt"));

    private int Believed()
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(PathOf("authorities.crt"));
        return certificates.Count;
    }

    /// <summary>By the aggregator, to whoever dials now.</summary>
    private async Task<X509Certificate2> Shown()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _host.IngressPort);
        using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2] });
        return new X509Certificate2(tls.RemoteCertificate!);
    }

    private ProgramUnderTest StartNode() => _host.StartNode(
        "--Caretta:Node:Security=Tls",
        $"--Caretta:Node:Aggregator=https://localhost:{_host.IngressPort}",
        "--Caretta:Node:NodeName=node-1",
        "--Caretta:Node:PollInterval=00:00:01", // each look at a clock that can be set costs system calls
        $"--Caretta:Node:CaFile={PathOf("authorities.crt")}",
        $"--Caretta:Node:TokenFile={PathOf("token")}");

    private string PathOf(string name) => Path.Combine(_folder, name);
}
