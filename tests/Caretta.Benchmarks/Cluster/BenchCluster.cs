using System.Diagnostics;
using System.Globalization;
using Caretta.Benchmarks.Memory;
using Caretta.TestServers;

namespace Caretta.Benchmarks.Cluster;

/// <summary>Aggregators as processes on one PostgreSQL database, all on this machine.</summary>
internal sealed class BenchCluster : IDisposable
{
    private static readonly (string, string) Aggregator = ("Caretta.Aggregator", "caretta-aggregator");

    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("caretta-bench-").FullName;
    private readonly Dictionary<StartedProgram, int> _places = [];
    private readonly int[] _remotePorts;
    private readonly int[] _ingressPorts;
    private readonly string _journal;

    public BenchCluster(string journal, int members)
    {
        _journal = journal;
        (_remotePorts, _ingressPorts) = (Ports(members), Ports(members));
        Members = [.. Enumerable.Range(0, members).Select(Start)];
        Members.ForEach(member => member.WaitUntilReady());
        WaitUntil("all are members", () => Members.TrueForAll(member => member.Metric("caretta_aggregator_members") >= members));
    }

    /// <summary>The oldest first.</summary>
    public List<StartedProgram> Members { get; }

    /// <summary>As the agents' setting.</summary>
    public string Ingress => string.Join(',', _ingressPorts.Select(port => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));

    /// <summary>Of all members that live.</summary>
    public double Sum(string metric) => Living.Sum(member => member.Metric(metric));

    public long ResidentBytes => Living.Sum(member => member.ResidentBytes);

    private IEnumerable<StartedProgram> Living => Members.Where(member => !member.HasEnded);

    public static async Task<string> NewDatabaseAsync(PostgresServer server) =>
        await server.CreateDatabaseAsync("bench_" + Guid.NewGuid().ToString("N")[..8]);

    /// <summary>Where one ended; it is the last of them from now on, as it is the youngest.</summary>
    public void StartAgain(StartedProgram ended)
    {
        _places.Remove(ended, out var place);
        Members.Remove(ended);
        Members.Add(Start(place));
        ended.Dispose();
    }

    public TimeSpan WaitUntil(string what, Func<bool> isSo)
    {
        var began = Stopwatch.GetTimestamp();
        Living.First().WaitUntil(what, isSo);
        return Stopwatch.GetElapsedTime(began);
    }

    public void Dispose()
    {
        Members.ForEach(member => member.Dispose());
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private StartedProgram Start(int index)
    {
        var member = Run(index);
        _places.Add(member, index);
        return member;
    }

    private StartedProgram Run(int index)
    {
        var http = StartedProgram.FreePort();
        var seeds = string.Join(',', _remotePorts.Select(port => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")));
        return new StartedProgram(
            Aggregator, http, cgroup: null, "--Caretta:Aggregator:Security=Off", "--Caretta:Aggregator:Journal=PostgreSql",
            $"--Caretta:Aggregator:PostgreSql={_journal}", $"--Caretta:Aggregator:Seeds={(_remotePorts.Length > 1 ? seeds : "")}",
            $"--Caretta:Aggregator:DataFolder={_folder}/{index}", Setting("HttpPort", http), Setting("IngressPort", _ingressPorts[index]),
            Setting("RemotePort", _remotePorts[index]));
    }

    private static int[] Ports(int count) => [.. Enumerable.Range(0, count).Select(_ => StartedProgram.FreePort())];

    private static string Setting(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"--Caretta:Aggregator:{name}={value}");
}
