using System.Diagnostics;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>An agent and an aggregator with folders, pins and ports of their own; removed with every trace at the end.</summary>
internal sealed class OneHost : IAsyncDisposable
{
    /// <summary>Before it is said that no total fell.</summary>
    private const int LeastScrapes = 3;

    private static readonly string[] Quick = ["--Caretta:Node:PollInterval=00:00:00.200"];

    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-e2e-").FullName;
    private readonly int _aggregatorHttp = ProgramUnderTest.FreePort();
    private readonly int _ingress = ProgramUnderTest.FreePort();
    private readonly int _remote = ProgramUnderTest.FreePort();
    private readonly int _nodeHttp = ProgramUnderTest.FreePort();
    private ProgramUnderTest? _node;
    private ProgramUnderTest? _aggregator;
    private ScrapeLoop? _scrapes;

    public ProgramUnderTest Node => _node!;

    public ProgramUnderTest Aggregator => _aggregator!;

    public string PinFolder { get; } = $"/sys/fs/bpf/caretta-e2e-{Guid.NewGuid():N}";

    public string RunFolder => Path.Combine(_folder, "run");

    public string NodeFolder => Path.Combine(_folder, "node");

    /// <summary>Runs from the first aggregator's start to the end, across all others.</summary>
    public ScrapeLoop Scrapes => _scrapes!;

    /// <summary>Where the aggregator listens for agents.</summary>
    public int IngressPort => _ingress;

    /// <summary>Of the aggregators, beside folders and ports.</summary>
    public string[] AggregatorSettings { get; init; } = [];

    /// <summary>Of both programs, beside what they inherit.</summary>
    public (string Name, string Value)[] Environment { get; init; } = [];

    /// <summary>Starts the aggregator anew; the one before must have ended.</summary>
    public ProgramUnderTest StartAggregator()
    {
        _aggregator = Started();
        _scrapes ??= new ScrapeLoop(() => Aggregator);
        return _aggregator;
    }

    /// <summary>Starts the agent anew; the one before must have ended.</summary>
    public ProgramUnderTest StartNode(params string[] more) =>
        _node = ProgramUnderTest.StartIn(Environment, "caretta-node", _nodeHttp, [.. NodeSettings(), .. more]);

    /// <summary>Both, ready.</summary>
    public async Task StartBoth(params string[] nodeSettings)
    {
        StartAggregator();
        StartNode(nodeSettings);
        await Aggregator.Ready();
        await Node.Ready();
    }

    /// <summary>A command of the agent's executable with this host's settings.</summary>
    public Task<(int ExitCode, string Output)> RunNode(string command, params string[] more) =>
        ProgramUnderTest.Run("caretta-node", [command, .. NodeSettings(), .. more]);

    /// <summary>A second agent on the same host, sharing pins but not the HTTP port.</summary>
    public ProgramUnderTest StartSecondNode(params string[] more)
    {
        var http = ProgramUnderTest.FreePort();
        return ProgramUnderTest.Start("caretta-node", http, [.. NodeSettings(), $"--Caretta:Node:HttpPort={http}", .. more]);
    }

    /// <summary>What the aggregator exports for a server port, now.</summary>
    public async Task<Ends> Exported(int serverPort) => Ends.Exported(await Aggregator.Answer(), serverPort);

    /// <summary>
    /// Until the export shows the truth, and then for three more polls, so that a byte counted twice a little later is seen as well. Then no
    /// total may ever have fallen.
    /// </summary>
    public async Task Settles(Traffic traffic)
    {
        Ends? exported = null;
        await Eventually.True(
            async () => (exported = await Exported(traffic.Port)) == traffic.Truth,
            () => $"\n exported {exported}\n truth    {traffic.Truth}\nagent: {Node.Output}\naggregator: {Aggregator.Output}");
        await ThreePolls();
        Assert.Equal(traffic.Truth, await Exported(traffic.Port));
        var enough = Math.Max(Scrapes.Scrapes + 2, LeastScrapes); // one that began since then, however slow they are
        await Eventually.True(() => Task.FromResult(Scrapes.Scrapes >= enough), () => "more scrapes");
        Scrapes.Verify(LeastScrapes, traffic.Port, traffic.Truth.ClientSent + traffic.Truth.ServerSent);
    }

    public async Task ThreePolls()
    {
        var until = await Polls() + 3;
        await Eventually.True(async () => await Polls() >= until, () => $"three more polls; the agent said:\n{Node.Output}");
    }

    /// <summary>A counter of the agent's own, which must run.</summary>
    public async Task<decimal> NodeCounter(string name, params (string Label, string Value)[] labels) => (await Node.Answer()).Sum(name, labels);

    public async ValueTask DisposeAsync()
    {
        if (_scrapes is not null)
        {
            await _scrapes.DisposeAsync();
        }

        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        if (_aggregator is not null)
        {
            await _aggregator.DisposeAsync();
        }

        if (Directory.Exists(PinFolder))
        {
            // bpffs knows no recursive delete of .NET's kind: entries cannot be stat'ed as files.
            using var remove = Process.Start("rm", ["-rf", PinFolder]);
            await remove.WaitForExitAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private ProgramUnderTest Started() => ProgramUnderTest.StartIn(
        Environment,
        "caretta-aggregator",
        _aggregatorHttp,
        [
        $"--Caretta:Aggregator:DataFolder={Path.Combine(_folder, "aggregator")}",
        $"--Caretta:Aggregator:HttpPort={_aggregatorHttp}",
        $"--Caretta:Aggregator:IngressPort={_ingress}",
        $"--Caretta:Aggregator:RemotePort={_remote}",
        "--Caretta:Aggregator:Security=Off",
        .. AggregatorSettings]);

    private Task<decimal> Polls() => NodeCounter("caretta_node_polls_total");

    private string[] NodeSettings() =>
    [
        $"--Caretta:Node:DataFolder={NodeFolder}",
        $"--Caretta:Node:RunFolder={RunFolder}",
        $"--Caretta:Node:PinFolder={PinFolder}",
        $"--Caretta:Node:HttpPort={_nodeHttp}",
        $"--Caretta:Node:Aggregator=http://127.0.0.1:{_ingress}",
        "--Caretta:Node:Security=Off",
        .. Quick,
    ];
}
