using System.Globalization;
using Caretta.FakeCluster;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>Members as processes that know each other from an API server alone, each on a loopback address of its own as a pod has one.</summary>
[Collection(SharedPostgres.Name)]
public sealed class KubernetesFormationSpecs(SharedPostgres postgres) : IAsyncLifetime
{
    private const string Lease = "caretta/caretta-aggregator";
    private const int Members = 3;

    private readonly TempFolder _folder = new();
    private readonly SimulatedCluster _cluster = new();
    private readonly string _port = MemberUnderTest.FreeSeeds(1).Split(':')[1];
    private readonly AggregatorProcess?[] _members = new AggregatorProcess?[Members];
    private FakeApiServer _api = null!;
    private string _journal = "";

    public async ValueTask InitializeAsync()
    {
        _cluster.Put([.. Enumerable.Range(0, Members).Select(member => Manifest.Member("caretta", $"aggregator-{member}", Address(member)))]);
        _api = await FakeApiServer.StartAsync(_cluster);
        _journal = await postgres.Server.CreateDatabaseAsync(PostgresUnderTest.NewName());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members.OfType<AggregatorProcess>())
        {
            await member.DisposeAsync();
        }

        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task One_cluster_comes_out_when_all_start_at_once_and_when_its_oldest_or_all_of_them_were_killed()
    {
        await StartAsync(0, 1, 2);
        await UntilAllSeeAllAsync();
        var holder = Holder();

        await KillAsync(holder);
        await StartAsync(holder);
        await UntilAllSeeAllAsync();

        await KillAsync(0, 1, 2);
        await StartAsync(0, 1, 2);
        await UntilAllSeeAllAsync();
    }

    private static string Address(int member) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.{11 + member}");

    private int Holder() => Array.FindIndex([.. Enumerable.Range(0, Members)], member => _api.Leases.Holder(Lease)!.StartsWith($"{Address(member)}:", StringComparison.Ordinal));

    private async Task StartAsync(params int[] members) => await Task.WhenAll(members.Select(async member => _members[member] = await AggregatorProcess.StartAsync(
        Path.Combine(_folder.Path, Address(member)),
        $"--listen-address={Address(member)}",
        $"--remote-port={_port}",
        "--discovery=Kubernetes",
        "--peer-namespace=caretta",
        "--kubernetes=ApiServer",
        $"--api-server={_api.Address}",
        "--journal=PostgreSql",
        $"--postgre-sql={_journal}")));

    private async Task KillAsync(params int[] members)
    {
        await Task.WhenAll(members.Select(member => _members[member]!.KillAsync()));
        foreach (var member in members)
        {
            await _members[member]!.DisposeAsync();
        }
    }

    /// <summary>Each is in a cluster of all: there is one.</summary>
    private async Task UntilAllSeeAllAsync()
    {
        foreach (var member in _members)
        {
            await member!.ScrapeUntilAsync("caretta_aggregator_members", members => members == Members);
            await member.ScrapeUntilAsync("caretta_aggregator_owns_links", owns => owns == 1);
        }
    }
}
