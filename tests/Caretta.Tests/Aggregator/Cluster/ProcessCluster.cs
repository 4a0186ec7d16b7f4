using System.Globalization;
using Caretta.Messages;
using Caretta.TestServers;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>Members as processes on one journal, an agent, and somebody who scrapes all of them all the time.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string[] _arguments;
    private readonly string[] _seeds;
    private readonly AggregatorProcess?[] _members;
    private readonly List<AggregatorProcess> _ended = [];
    private readonly Source _source = Traffic.Source();
    private ulong _sequence;

    private ProcessCluster(string journal, int members)
    {
        var seeds = MemberUnderTest.FreeSeeds(members);
        _seeds = seeds.Split(',');
        _members = new AggregatorProcess[members];
        _arguments = ["--Caretta:Aggregator:Journal=PostgreSql", "--Caretta:Aggregator:PostgreSql=" + journal, "--Caretta:Aggregator:Seeds=" + seeds];
    }

    public ScrapeRecords Records { get; } = new();

    public static async Task<ProcessCluster> StartAsync(PostgresServer server, int members)
    {
        var cluster = await PrepareAsync(server, members);
        await Task.WhenAll(Enumerable.Range(0, members).Select(cluster.StartMemberAsync));
        return cluster;
    }

    /// <summary>None is started yet.</summary>
    public static async Task<ProcessCluster> PrepareAsync(PostgresServer server, int members) =>
        new(await server.CreateDatabaseAsync(PostgresUnderTest.NewName()), members);

    public AggregatorProcess Member(int index) => _members[index]!;

    public Task StartMemberAsync(int index) => StartProcessAsync(index, AggregatorProcess.StartAsync);

    public Task StartStarvableMemberAsync(int index) => StartProcessAsync(index, AggregatorProcess.StartStarvableAsync);

    private async Task StartProcessAsync(int index, Func<string, string[], Task<AggregatorProcess>> start)
    {
        var port = _seeds[index].Split(':')[1];
        _members[index] = await start(
            Path.Combine(_folder.Path, index.ToString(CultureInfo.InvariantCulture)), [.. _arguments, "--Caretta:Aggregator:RemotePort=" + port]);
        Records.Watch(_members[index]!);
    }

    /// <summary>Its log stays.</summary>
    public async Task ForgetMemberAsync(int index)
    {
        await _members[index]!.DisposeAsync();
        _ended.Add(_members[index]!);
        _members[index] = null;
    }

    /// <summary>All links' next totals, through the member, until they are acknowledged.</summary>
    public async Task ReportAsync(int member, int links, ulong sent)
    {
        var number = ++_sequence;
        await using var agent = await AgentClient.OpenAsync(Member(member).Ingress, _source);
        await agent.ReportAsync(number, [.. Enumerable.Range(0, links).Select(link => Traffic.Report(Traffic.Link(link), sent, number))]);
    }

    /// <summary>Each link at one member, with that total.</summary>
    public Task UntilExportedAsync(int links, ulong sent) => Eventually.TrueAsync(async () =>
    {
        var pages = await Task.WhenAll(_members.OfType<AggregatorProcess>().Where(member => !Records.IsPaused(member)).Select(member => member.ScrapeAsync()));
        var found = pages.SelectMany(page => page.ByLink("caretta_links_observed")).ToList();
        return found.Count == links && found.TrueForAll(link => link.Value == sent);
    });

    /// <summary>So that every member has its share, to the shard: none moves any more, and nobody waits for what was said to one that did.</summary>
    public Task UntilSpreadAsync(int members) => Eventually.TrueAsync(async () =>
    {
        var pages = await Task.WhenAll(_members.OfType<AggregatorProcess>().Select(member => member.ScrapeAsync()));
        var shards = pages.Select(page => page.Value("caretta_aggregator_shards_recovered")).ToList();
        return shards.Count == members && shards.Sum() == 64 && shards.TrueForAll(count => Math.Abs(count - (64.0 / members)) < 1);
    });

    public async Task VerifyAsync(int leastMoves)
    {
        await Records.StopAsync();
        Records.Verify([.. _ended, .. _members.OfType<AggregatorProcess>()], leastMoves);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members.OfType<AggregatorProcess>())
        {
            await member.DisposeAsync();
        }

        await Records.StopAsync();
        _folder.Dispose();
    }
}
