using System.Globalization;
using Caretta.Aggregator;
using Caretta.Aggregator.Journal.Tool;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.EndToEnd.Tests.Network;
using Caretta.EndToEnd.Tests.Programs;
using Caretta.FakeCluster;
using Caretta.TestServers;
using Npgsql;
using Xunit.Sdk;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>
/// Production in small: three aggregators and one to spare, PostgreSQL, and hosts with agents, each a process in a network namespace of its
/// own, joined by a switch that can be told to fail. Agents of one machine watch one kernel, so each of them sees all the traffic; names
/// keep their links apart.
/// </summary>
internal sealed partial class ClusterUnderTest : IAsyncDisposable
{
    public const string SpareMember = "m4";
    public static readonly string[] StartMembers = ["m1", "m2", "m3"];

    /// <summary>Whose ledgers stay whole: they must come out exact.</summary>
    public static readonly string[] SoundAgents = ["a", "b"];

    /// <summary>Whose ledger is lost, rolled back, cloned and retired.</summary>
    public const string UnluckyAgent = "c";
    public const string CloneAgent = "d";

    public const string Database = "db";

    /// <summary>
    /// Whose wall clock can be set. Not everybody's: libfaketime takes a lock and several system calls each time a process asks for the time, which cost
    /// half of all processors here.
    /// </summary>
    public static readonly string[] Clocked = [StartMembers[2], SoundAgents[0]];

    private const string Fleet = "fleet";

    private const int HttpPort = 7117;
    private const int IngressPort = 7118;
    private const int RemotePort = 7119;
    private const int NodePort = 7120;

    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-cluster-").FullName;
    private readonly Dictionary<string, TestHost> _sites = [];
    private readonly Dictionary<string, FakeClock> _clocks = [];
    private readonly Dictionary<string, Supervised> _programs = [];
    private readonly int _seed;
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
        [Fleet] = 31,
    };

    private ClusterUnderTest(int seed)
    {
        _seed = seed;
        Network = new Switch(seed);
        Network.AddOurselves();
        foreach (var (site, number) in Addresses)
        {
            _sites.Add(site, Network.Add(site, number));
        }

        foreach (var site in Clocked)
        {
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

    /// <summary>Load beside the real agents.</summary>
    public LoadFleet Load { get; private set; } = null!;

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

    public static bool IsAgent(string site) => site is UnluckyAgent or CloneAgent || SoundAgents.Contains(site);

    public static string NodeName(string agent) => $"host-{agent}";

    public FakeClock Clock(string name) => _clocks[name];

    /// <summary>Of an agent.</summary>
    public string LedgerFolder(string agent) =>
        System.IO.Path.Combine(agent == SoundAgents[^1] ? Disk.Folder : _folder, $"ledger-{agent}");

    public async Task AllReady()
    {
        foreach (var program in _programs.Values.Where(program => program.IsWanted))
        {
            await program.ReadyIfWanted();
        }
    }

    /// <summary>
    /// Until the members together export the truth of each sound agent, the simulated ones among them. The unlucky ones' totals are not above it.
    /// </summary>
    public async Task Settles()
    {
        await AllReady();
        var (truth, load) = (Traffic.Truth, await Load.Stop());
        var wrong = "";
        Exported? exported = null;
        try
        {
            await Eventually.True(
                async () =>
                {
                    exported = await ExportWatch.Sum(WantedMembers) is { } series ? new Exported(series) : null;
                    wrong = exported is null ? "a member did not answer" : string.Join("\n", WrongOf(exported, truth).Concat(exported.Unlike(load)));
                    return wrong.Length == 0;
                },
                () => $"\n truth    {truth}\n{wrong}\n{Outputs()}");
        }
        catch (XunitException never) when (exported is not null && !exported.Unlike(load).Any() && AgreeOnLess(exported, truth))
        {
            throw new UnseenTrafficException(never.Message, never);
        }

        foreach (var unlucky in new[] { UnluckyAgent, CloneAgent })
        {
            Assert.True(exported!.Of(NodeName(unlucky)).IsNotAbove(truth), $"{unlucky}: {exported.Of(NodeName(unlucky))} is more than {truth}.");
        }
    }

    /// <summary>No exported total fell, and no scrape found a link at an owner of before; and enough was seen to say so.</summary>
    /// <returns>For further questions.</returns>
    public Handovers VerifyExports()
    {
        Assert.True(Exports.Pages.Count > 10, $"Only {Exports.Pages.Count} pages with links were seen.");
        var handovers = Handovers();
        List<string> wrong = [.. Exports.Faults.Concat(handovers.FoundLate(Exports.Pages))];
        Assert.True(wrong.Count == 0, $"{wrong.Count} times:\n{string.Join('\n', wrong.Take(20))}");
        return handovers;
    }

    /// <summary>So far, as the members' records have it.</summary>
    public Handovers Handovers() => new(Members.SelectMany(member => member.Lives).SelectMany(ExportRecord.Of));

    /// <summary>The faults were felt.</summary>
    public void VerifyTraces(IEnumerable<string> traces)
    {
        foreach (var trace in traces)
        {
            Assert.True(Exports.Tally.Of(trace) > 0, $"{trace} stayed at 0 through all faults.");
        }
    }

    /// <summary>The first value of the answer, however long the database is away.</summary>
    public async Task<object?> AskDatabase(string sql)
    {
        object? answer = null;
        await Eventually.True(
            async () =>
            {
                try
                {
                    answer = await Postgres.AskAsync(sql, Database);
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false; // another fault has it
                }
            },
            () => $"an answer of the database to {sql}");
        return answer;
    }

    /// <summary>What <c>caretta-aggregator journal</c> says, however long the database is away.</summary>
    public async Task<string> ReadJournal(params string[] command)
    {
        var said = "";
        await Eventually.True(
            async () =>
            {
                await using var output = new StringWriter(CultureInfo.InvariantCulture);
                try
                {
                    var exitCode = await JournalCommand.RunAsync(
                        ["journal", .. command, "--journal=PostgreSql", $"--postgre-sql={JournalConnection}"], output, output, CancellationToken.None);
                    said = $"{output}";
                    Assert.True(exitCode == 0, $"journal {string.Join(' ', command)} ended with {exitCode}: {said}");
                    return true;
                }
                catch (Exception away) when (away is StartRefusedException or NpgsqlException or TimeoutException)
                {
                    said = away.Message;
                    return false;
                }
            },
            () => $"journal {string.Join(' ', command)}; it says {said}");
        return said;
    }

    public async ValueTask DisposeAsync()
    {
        await Exports.DisposeAsync();
        KeepLogs();
        if (Load is not null)
        {
            await Load.DisposeAsync();
        }

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

    private static IEnumerable<string> WrongOf(Exported exported, Ends truth) =>
        from agent in SoundAgents
        let found = exported.Of(NodeName(agent))
        where found != truth
        select $" {agent}        {found}";

    /// <summary>Bytes may differ by what each saw at its last poll before an end that neither saw; the ends may not.</summary>
    private static bool AgreeOnLess(Exported exported, Ends truth)
    {
        List<Ends> found = [.. SoundAgents.Select(agent => exported.Of(NodeName(agent)))];
        return found.TrueForAll(ends => ends.IsNotAbove(truth)) && found.DistinctBy(ends => ends.Closed).Count() == 1;
    }

    /// <summary>All that each life said, in the folder of CARETTA_LOGS, if there is one.</summary>
    private void KeepLogs()
    {
        if (Environment.GetEnvironmentVariable("CARETTA_LOGS") is not { Length: > 0 } folder)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        foreach (var (name, program) in _programs)
        {
            foreach (var (life, number) in program.Lives.Select((life, number) => (life, number)))
            {
                File.WriteAllLines(System.IO.Path.Combine(folder, $"{name}-{number}.log"), life.Lines);
            }
        }
    }

    /// <summary>The last words of each, to find out why.</summary>
    private string Outputs() => string.Join('\n', _programs.Values.Where(program => program.Lives.Count > 0).Select(program =>
        $"--- {program.Name}, {program.Lives.Count} lives\n{string.Join('\n', program.Program.Output.Split('\n').TakeLast(30))}"));

}
