using Caretta.EndToEnd.Tests.Programs;
using Caretta.SimulatedAgents;
using Caretta.TestServers;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>Three aggregators on loopback over one PostgreSQL, and fleets of simulated agents that add to the same links one after the other.</summary>
internal sealed class ThreeMembers : IAsyncDisposable
{
    public const int Links = 40;
    public const string Clients = "simulated";

    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-members-").FullName;
    private readonly (int Http, int Ingress, int Remote)[] _ports =
        [.. Enumerable.Range(0, 3).Select(_ => (FreePort.At("127.0.0.1"), FreePort.At("127.0.0.1"), FreePort.At("127.0.0.1")))];

    private readonly Dictionary<int, ProgramUnderTest> _members = [];
    private readonly PostgresServer _postgres;
    private readonly string _journal;
    private readonly string[] _settings;
    private int _fleets;

    private ThreeMembers(PostgresServer postgres, string journal, string[] settings) => (_postgres, _journal, _settings) = (postgres, journal, settings);

    public IReadOnlyList<int> HttpPorts => [.. _ports.Select(port => port.Http)];

    /// <summary>Bytes sent on all links so far.</summary>
    public double Sent { get; private set; }

    public string Outputs => string.Join('\n', _members.Select(member => $"--- {member.Key}\n{member.Value.Output}"));

    /// <summary>Two of them.</summary>
    public static async Task<ThreeMembers> StartTwo(params string[] settings)
    {
        var postgres = await PostgresServer.StartAsync(new PostgresSettings { Fsync = false });
        var members = new ThreeMembers(postgres, $"{await postgres.CreateDatabaseAsync("caretta")};SSL Mode=Disable", settings);
        try
        {
            members.Start(0);
            members.Start(1);
            await members._members[0].Ready();
            await members._members[1].Ready();
            return members;
        }
        catch
        {
            await members.DisposeAsync();
            throw;
        }
    }

    public Uri Ingress(int member) => new($"http://127.0.0.1:{_ports[member].Ingress}");

    /// <summary>The third one comes, and takes its share of the links.</summary>
    public async Task Join()
    {
        Start(2);
        await _members[2].Ready();
        await Eventually.True(
            async () => await _members[2].Scrape() is { } scrape && scrape.Sum("caretta_aggregator_links") > 0, () => $"links at the newcomer\n{Outputs}");
    }

    /// <summary>It does nothing any more.</summary>
    public void Pause(int member) => _members[member].Pause();

    public Uri Http(int member) => new($"http://127.0.0.1:{_ports[member].Http}/");

    /// <summary>As the others name it.</summary>
    public string Name(int member) => $"127.0.0.1:{_ports[member].Remote}";

    public Task Kill(int member) => _members[member].Kill();

    /// <summary>A fleet counts on all links while something happens, until all of it is in the journal.</summary>
    public async Task Trade(int polls, TimeSpan every, Func<Task> meanwhile)
    {
        await using var fleet = Fleet.Start(new FleetOptions
        {
            Aggregator = string.Join(',', _ports.Select(port => $"http://127.0.0.1:{port.Ingress}")),
            Agents = 2,
            Links = Links,
            Changing = Links,
            Shared = Links,
            PollInterval = every,
            Polls = polls,
            Prefix = $"fleet-{++_fleets}",
            Seed = _fleets,
        });
        await Eventually.True(() => Task.FromResult(fleet.BatchesAcked > 0), () => $"a first batch\n{Outputs}");
        await meanwhile();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5)); // only turns a hang into a failure
        Sent += (await fleet.SettledAsync(patience.Token)).Links.Values.Sum(link => (double)link.Sent);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members.Values)
        {
            await member.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Start(int member)
    {
        var (http, ingress, remote) = _ports[member];
        _members[member] = ProgramUnderTest.Start(
            "caretta-aggregator", http,
            [
                "--security=Off", $"--http-port={http}", $"--ingress-port={ingress}", $"--remote-port={remote}",
                $"--seeds={string.Join(',', _ports.Select(port => $"127.0.0.1:{port.Remote}"))}", "--journal=PostgreSql", $"--postgre-sql={_journal}",
                $"--data-folder={Path.Combine(_folder, $"{member}")}", "--expire-after=00:01:00", .. _settings,
            ]);
    }
}
