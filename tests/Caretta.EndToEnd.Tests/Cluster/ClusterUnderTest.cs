using Caretta.EndToEnd.Tests.Hosts;
using Caretta.EndToEnd.Tests.Network;
using Caretta.EndToEnd.Tests.Programs;
using Caretta.FakeCluster;
using Caretta.TestServers;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>
/// Production in small: three aggregators and one to spare, PostgreSQL, and hosts with agents, each a process in a network namespace of its
/// own, joined by a switch that can be told to fail. Agents of one machine watch one kernel, so each of them sees all the traffic; names
/// keep their links apart.
/// </summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    public const string SpareMember = "m4";
    public static readonly string[] StartMembers = ["m1", "m2", "m3"];

    /// <summary>Whose ledgers stay whole: they must come out exact.</summary>
    public static readonly string[] SoundAgents = ["a", "b"];

    /// <summary>Whose ledger is lost, rolled back, cloned and retired.</summary>
    public const string UnluckyAgent = "c";
    public const string CloneAgent = "d";

    public const string Database = "db";

    private const int HttpPort = 7117;
    private const int IngressPort = 7118;
    private const int RemotePort = 7119;
    private const int NodePort = 7120;

    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-cluster-").FullName;
    private readonly Dictionary<string, TestHost> _sites = [];
    private readonly Dictionary<string, FakeClock> _clocks = [];
    private readonly Dictionary<string, Supervised> _programs = [];
    private readonly string _pinFolders = $"/sys/fs/bpf/caretta-e2e-{Guid.NewGuid():N}";

    private static readonly Dictionary<string, int> Addresses = new()
    {
        [Database] = 5,
        ["m1"] = 11,
        ["m2"] = 12,
        ["m3"] = 13,
        [SpareMember] = 14,
        ["a"] = 21,
        ["b"] = 22,
        [UnluckyAgent] = 23,
        [CloneAgent] = 24,
    };

    private ClusterUnderTest(int seed)
    {
        Network = new Switch(seed);
        Network.AddOurselves();
        foreach (var (site, number) in Addresses)
        {
            _sites.Add(site, Network.Add(site, number));
            _clocks.Add(site, new FakeClock(_folder, site));
        }

        Authority = new TestAuthority(_folder);
        Disk = new SmallDisk(System.IO.Path.Combine(_folder, "disk"));
        Traffic = new Traffic(seed, _sites[SoundAgents[0]], _sites[SoundAgents[1]]);
    }

    public Switch Network { get; }

    public IEnumerable<string> Sites => _sites.Keys;

    /// <summary>Under the last sound agent's ledger.</summary>
    public SmallDisk Disk { get; }

    public Traffic Traffic { get; }

    public ExportWatch Exports { get; } = new();

    public PostgresServer Postgres { get; private set; } = null!;

    public IEnumerable<Supervised> Members => [.. StartMembers.Append(SpareMember).Select(Program)];

    public IEnumerable<Supervised> WantedMembers => Members.Where(member => member.IsWanted);

    public TimeSpan RetireAfter { get; } = TimeSpan.FromMinutes(2);

    private TestAuthority Authority { get; }

    /// <summary>Members, agents and the database are up and ready; the export is watched; nobody has sent anything yet.</summary>
    public static async Task<ClusterUnderTest> Start(int seed)
    {
        var cluster = new ClusterUnderTest(seed);
        try
        {
            await cluster.StartAll();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Supervised Program(string name) => _programs[name];

    public FakeClock Clock(string name) => _clocks[name];

    /// <summary>Of an agent.</summary>
    public string LedgerFolder(string agent) =>
        System.IO.Path.Combine(agent == SoundAgents[^1] ? Disk.Folder : _folder, $"ledger-{agent}");

    public async Task AllReady()
    {
        foreach (var program in _programs.Values.Where(program => program.IsWanted))
        {
            await program.Program.Ready();
        }
    }

    /// <summary>Until the members together export the truth for each sound agent. The unlucky one's totals are not above it.</summary>
    public async Task Settles()
    {
        var truth = Traffic.Truth;
        Dictionary<string, Ends?> exported = [];
        await AllReady();
        await Eventually.True(
            async () =>
            {
                var all = await ExportWatch.Sum(WantedMembers);
                exported = SoundAgents.Append(UnluckyAgent).ToDictionary(agent => agent, agent => all is null ? null : Exported(all, agent));
                return SoundAgents.All(agent => exported[agent] == truth);
            },
            () => $"\n truth    {truth}\n exported {string.Join("\n          ", exported.Select(agent => $"{agent.Key}: {agent.Value}"))}\n{Outputs()}");
        Assert.True(exported[UnluckyAgent]!.IsNotAbove(truth), $"{exported[UnluckyAgent]} is more than {truth}.");
    }

    /// <summary>Nothing was exported that must not be, and enough was seen to say so.</summary>
    public void VerifyExports()
    {
        Assert.Empty(Exports.Faults);
        Assert.True(Exports.Pages > 10, $"Only {Exports.Pages} pages with links were seen.");
    }

    /// <summary>The faults were felt.</summary>
    public void VerifyTraces()
    {
        foreach (var trace in new[] { "caretta_node_batches_resent_total", "caretta_node_connects_total", "caretta_aggregator_refusals_total", "caretta_aggregator_snapshots_total" })
        {
            Assert.True(Exports.Tally.Of(trace) > 0, $"{trace} stayed at 0 through all faults.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Exports.DisposeAsync();
        foreach (var program in _programs.Values)
        {
            await program.DisposeAsync();
        }

        if (Postgres is not null)
        {
            await Postgres.DisposeAsync();
        }

        foreach (var agent in SoundAgents.Append(UnluckyAgent).Append(CloneAgent))
        {
            Command.Try("rm", "-rf", PinFolder(agent)); // bpffs knows no recursive delete of .NET's kind
        }

        Traffic.Dispose();
        Disk.Dispose();
        Authority.Dispose();
        Network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string PinFolder(string agent) => $"{_pinFolders}-{agent}";

    private async Task StartAll()
    {
        var database = _sites[Database];
        Postgres = await PostgresServer.StartAsync(new PostgresSettings
        {
            ListenAddress = $"{database.Ipv4}",
            NetworkNamespace = $"/run/netns/{database.Name}",
            Fsync = true, // it is killed
        });
        await Postgres.CreateDatabaseAsync(Database);
        foreach (var member in StartMembers.Append(SpareMember))
        {
            var (certificate, key) = Authority.Member(member, $"{_sites[member].Ipv4}");
            _programs.Add(member, new Supervised(member, () => StartMember(member, certificate, key)));
        }

        foreach (var agent in SoundAgents.Append(UnluckyAgent).Append(CloneAgent))
        {
            var (certificate, key) = Authority.Node(NodeName(agent));
            _programs.Add(agent, new Supervised(agent, () => StartAgent(agent, certificate, key)));
        }

        foreach (var started in StartMembers.Concat(SoundAgents).Append(UnluckyAgent))
        {
            Program(started).Start();
        }

        await AllReady();
        foreach (var program in _programs.Values)
        {
            Exports.Add(program);
        }
    }

    private ProgramUnderTest StartMember(string member, string certificate, string key) => ProgramUnderTest.StartAt(
        _sites[member],
        "caretta-aggregator",
        HttpPort,
        [
            $"--Caretta:Aggregator:ListenAddress={_sites[member].Ipv4}",
            $"--Caretta:Aggregator:Seeds={string.Join(',', StartMembers.Select(seed => $"{_sites[seed].Ipv4}:{RemotePort}"))}",
            $"--Caretta:Aggregator:DataFolder={System.IO.Path.Combine(_folder, $"member-{member}")}",
            "--Caretta:Aggregator:Journal=PostgreSql",
            $"--Caretta:Aggregator:PostgreSql={Postgres.ConnectionString(Database, PostgresServer.Superuser)};SSL Mode=Disable",
            $"--Caretta:Aggregator:CertificateFile={certificate}",
            $"--Caretta:Aggregator:KeyFile={key}",
            $"--Caretta:Aggregator:CaFile={Authority.CaFile}",
            "--Caretta:Aggregator:HttpSecurity=Off",
            "--Caretta:Aggregator:SnapshotEvery=20", // often, so that faults fall into them and deletions are met
            $"--Caretta:Aggregator:RetireAfter={RetireAfter}",
        ],
        _clocks[member].Environment);

    private ProgramUnderTest StartAgent(string agent, string certificate, string key) => ProgramUnderTest.StartAt(
        _sites[agent],
        "caretta-node",
        NodePort,
        [
            $"--Caretta:Node:ListenAddress={_sites[agent].Ipv4}",
            $"--Caretta:Node:NodeName={NodeName(agent)}",
            $"--Caretta:Node:Aggregator={string.Join(',', StartMembers.Select(member => $"https://{_sites[member].Ipv4}:{IngressPort}"))}",
            $"--Caretta:Node:CertificateFile={certificate}",
            $"--Caretta:Node:KeyFile={key}",
            $"--Caretta:Node:CaFile={Authority.CaFile}",
            $"--Caretta:Node:DataFolder={LedgerFolder(agent)}",
            $"--Caretta:Node:RunFolder={System.IO.Path.Combine(_folder, $"run-{agent}")}",
            $"--Caretta:Node:PinFolder={PinFolder(agent)}",
            $"--Caretta:Node:IncludePorts={Traffic.Port}", // not what the cluster itself sends
            "--Caretta:Node:PollInterval=00:00:01",
        ],
        _clocks[agent].Environment);

    private static Ends Exported(IReadOnlyDictionary<string, decimal> all, string agent)
    {
        var node = NodeName(agent);
        decimal Sum(string name, int role, string end) => all
            .Where(series => series.Key.StartsWith($"{name}{{", StringComparison.Ordinal)
                && series.Key.Contains($"role=\"{role}\"", StringComparison.Ordinal)
                && series.Key.Contains($"{end}_namespace=\"{node}\"", StringComparison.Ordinal))
            .Sum(series => series.Value);
        return new Ends(
            Sum("caretta_link_sent_bytes_total", 1, "client"),
            Sum("caretta_link_received_bytes_total", 1, "client"),
            Sum("caretta_link_sent_bytes_total", 2, "server"),
            Sum("caretta_link_received_bytes_total", 2, "server"),
            Sum("caretta_link_connections_opened_total", 1, "client"),
            Sum("caretta_link_connections_closed_total", 1, "client"));
    }

    /// <summary>The last words of each, to find out why.</summary>
    private string Outputs() => string.Join('\n', _programs.Values.Where(program => program.Lives.Count > 0).Select(program =>
        $"--- {program.Name}, {program.Lives.Count} lives\n{string.Join('\n', program.Program.Output.Split('\n').TakeLast(30))}"));

    private static string NodeName(string agent) => $"host-{agent}";
}
