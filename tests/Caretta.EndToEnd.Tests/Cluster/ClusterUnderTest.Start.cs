using Caretta.EndToEnd.Tests.Programs;
using Caretta.TestServers;

namespace Caretta.EndToEnd.Tests.Cluster;

// With which settings each process is started.
internal sealed partial class ClusterUnderTest
{
    private string JournalConnection => $"{Postgres.ConnectionString(Database, PostgresServer.Superuser)};SSL Mode=Disable";

    private string Ingresses => string.Join(',', StartMembers.Select(member => $"https://{_sites[member].Ipv4}:{IngressPort}"));

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
        Load = LoadFleet.Start(_seed, _sites[Fleet], Authority, _folder, Ingresses);
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
            $"--Caretta:Aggregator:PostgreSql={JournalConnection}",
            $"--Caretta:Aggregator:CertificateFile={certificate}",
            $"--Caretta:Aggregator:KeyFile={key}",
            $"--Caretta:Aggregator:CaFile={Authority.CaFile}",
            "--Caretta:Aggregator:HttpSecurity=Off",
            "--Caretta:Aggregator:SnapshotEvery=10", // often, so that faults fall into them and deletions are met
            $"--Caretta:Aggregator:RetireAfter={RetireAfter}",
        ],
        EnvironmentOf(member));

    private ProgramUnderTest StartAgent(string agent, string certificate, string key) => ProgramUnderTest.StartAt(
        _sites[agent],
        "caretta-node",
        NodePort,
        [
            $"--Caretta:Node:ListenAddress={_sites[agent].Ipv4}",
            $"--Caretta:Node:NodeName={NodeName(agent)}",
            $"--Caretta:Node:Aggregator={Ingresses}",
            $"--Caretta:Node:CertificateFile={certificate}",
            $"--Caretta:Node:KeyFile={key}",
            $"--Caretta:Node:CaFile={Authority.CaFile}",
            $"--Caretta:Node:DataFolder={LedgerFolder(agent)}",
            $"--Caretta:Node:RunFolder={System.IO.Path.Combine(_folder, $"run-{agent}")}",
            $"--Caretta:Node:PinFolder={PinFolder(agent)}",
            $"--Caretta:Node:IncludePorts={Traffic.Port}", // not what the cluster itself sends
            "--Caretta:Node:PollInterval=00:00:01",
        ],
        EnvironmentOf(agent));

    private (string Name, string Value)[] EnvironmentOf(string program) => _clocks.TryGetValue(program, out var clock) ? clock.Environment : [];
}
