using System.Globalization;
using System.Net;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.EndToEnd.Tests.Network;
using Caretta.EndToEnd.Tests.Programs;
using Caretta.FakeCluster;
using Caretta.TestServers;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>
/// Members that know each other from an API server alone, each a process in a network namespace with an IPv6 address as its pod's, started as the
/// manifests start them where there is no IPv4 (component ipv6).
/// </summary>
public sealed class Ipv6FormationSpecs : IAsyncLifetime
{
    private const int HttpPort = 7117;

    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-ipv6-").FullName;
    private readonly Switch _network = new(seed: 8, network: 90);
    private readonly List<TestHost> _sites = [];
    private readonly List<ProgramUnderTest> _members = [];
    private readonly SimulatedCluster _cluster = new();
    private TestAuthority _authority = null!;
    private PostgresServer _postgres = null!;
    private FakeApiServer _api = null!;
    private string _journal = "";

    public async ValueTask InitializeAsync()
    {
        if (Privileged.Missing is not null)
        {
            return;
        }

        _network.AddOurselves();
        _sites.AddRange(Enumerable.Range(1, 3).Select(number => _network.Add($"m{number}", number)));
        _cluster.Put([.. _sites.Select((site, member) => Manifest.Member("caretta", $"caretta-aggregator-{member}", $"{site.Ipv6}"))]);
        var ours = IPAddress.Parse(_network.OurAddress);
        _api = await FakeApiServer.StartAsync(_cluster, address: ours);
        _postgres = await PostgresServer.StartAsync(new PostgresSettings { ListenAddress = $"{ours}" });
        _journal = $"{await _postgres.CreateDatabaseAsync("journal")};SSL Mode=Disable";
        _authority = new TestAuthority(_folder);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        _network.Dispose();
        if (_api is not null)
        {
            await _api.DisposeAsync();
            await _postgres.DisposeAsync();
            _authority.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [PrivilegedFact]
    public async Task One_cluster_comes_out_and_its_oldest_is_followed_when_it_was_killed()
    {
        _members.AddRange(_sites.Select(Start));
        await AllAreIn(_members.Count);

        await _members[0].Kill();
        await AllAreIn(_members.Count - 1);
        _members[0] = Start(_sites[0]);
        await AllAreIn(_members.Count);
    }

    private ProgramUnderTest Start(TestHost site) => ProgramUnderTest.StartAt(
        site,
        "caretta-aggregator",
        HttpPort,
        [
            "--Caretta:Aggregator:ListenAddress=::",
            $"--Caretta:Aggregator:AdvertisedHost={site.Ipv6}",
            "--Caretta:Aggregator:Discovery=Kubernetes",
            "--Caretta:Aggregator:PeerNamespace=caretta",
            "--Caretta:Aggregator:Kubernetes=ApiServer",
            $"--Caretta:Aggregator:ApiServer={_api.Address}",
            $"--Caretta:Aggregator:DataFolder={System.IO.Path.Combine(_folder, site.Name)}",
            "--Caretta:Aggregator:Journal=PostgreSql",
            $"--Caretta:Aggregator:PostgreSql={_journal}",
            $"--Caretta:Aggregator:CertificateFile={_authority.Member().CertificateFile}",
            $"--Caretta:Aggregator:KeyFile={System.IO.Path.Combine(_folder, "member.key")}",
            $"--Caretta:Aggregator:CaFile={_authority.CaFile}",
            "--Caretta:Aggregator:HttpSecurity=Off",
        ]);

    private Task AllAreIn(int members) => Eventually.True(
        async () =>
        {
            var pages = await Task.WhenAll(_members.Where(member => member.IsRunning).Select(member => member.Scrape()));
            return pages.Length == members && pages.All(page => page?.Sum("caretta_aggregator_members") == members && page.Sum("caretta_aggregator_owns_links") == 1);
        },
        () => string.Create(CultureInfo.InvariantCulture, $"one cluster of {members}; they said:\n{string.Join("\n\n", _members.Select(member => member.Output))}"));
}
