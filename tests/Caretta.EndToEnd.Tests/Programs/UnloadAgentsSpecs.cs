using Caretta.EndToEnd.Tests.Kernel;
using Caretta.FakeCluster;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>Before an installation is removed: <c>caretta-aggregator unload-agents</c> with real processes and a real kernel.</summary>
public sealed class UnloadAgentsSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-e2e-").FullName;
    private readonly TestAuthority _authority;

    public UnloadAgentsSpecs() => _authority = new TestAuthority(_folder);

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [PrivilegedFact]
    public async Task Nothing_stays_in_the_kernel_nor_comes_back_until_the_agent_is_started_anew_which_then_loses_nothing()
    {
        await using var host = Host();
        await host.StartBoth(NodeSettings(host, "node-a"));
        using var traffic = new Traffic(51);
        traffic.LongConnection();
        await host.Settles(traffic);
        var loaded = KernelObjects.PinnedUnder(host.PinFolder);
        Assert.False(loaded.IsEmpty);

        var (exit, output) = await Unload(host, "--timeout=60");
        Assert.True(exit == 0, $"{output}\nagent: {host.Node.Output}");
        Assert.Contains("Unloaded: 1 of 1 hosts.", output, StringComparison.Ordinal);
        await Eventually.True(() => Task.FromResult(loaded.Present().IsEmpty), () => $"none of them in the kernel: {loaded.Present()}");
        Assert.False(Directory.Exists(host.PinFolder) && Directory.EnumerateFileSystemEntries(host.PinFolder).Any());
        Assert.Equal(1, await host.NodeCounter("caretta_node_unloaded"));

        // A new aggregator has it connect anew, and the same command says the same; it still polls nothing.
        var polls = await host.NodeCounter("caretta_node_polls_total");
        await host.Aggregator.Kill();
        await host.StartAggregator().Ready();
        (exit, output) = await Unload(host, "--timeout=60");
        Assert.True(exit == 0, output);
        Assert.False(Directory.Exists(host.PinFolder) && Directory.EnumerateFileSystemEntries(host.PinFolder).Any());
        Assert.Equal(polls, await host.NodeCounter("caretta_node_polls_total"));
        Assert.False(await host.Node.IsReady());

        traffic.LongConnection();
        await host.Node.Stop();
        host.StartNode(NodeSettings(host, "node-a"));
        traffic.LongConnection();
        await host.Settles(traffic);
    }

    [PrivilegedFact]
    public async Task A_host_whose_agent_stands_still_is_named_and_counts_on()
    {
        await using var host = Host();
        await host.StartBoth(NodeSettings(host, "node-a"));
        var loaded = KernelObjects.PinnedUnder(host.PinFolder);
        await Eventually.True(
            async () => await host.NodeCounter("caretta_node_aggregator_connected") == 1, () => $"connected; the agent said:\n{host.Node.Output}");
        host.Node.Pause();

        var (exit, output) = await Unload(host, "--timeout=2");
        Assert.Equal(1, exit);
        Assert.Contains("not node-a:", output, StringComparison.Ordinal);
        Assert.Equal(loaded, loaded.Present());
        host.Node.Resume();
    }

    [PrivilegedFact]
    public async Task Who_shows_an_agents_certificate_unloads_nobody()
    {
        await using var host = Host();
        await host.StartBoth(NodeSettings(host, "node-a"));
        var loaded = KernelObjects.PinnedUnder(host.PinFolder);
        var (certificate, key) = _authority.Node("node-b");

        var (exit, output) = await Run(host, certificate, key, "--timeout=1");
        Assert.Equal(1, exit);
        Assert.Contains("takes commands from who shows a member's certificate alone", output, StringComparison.Ordinal);
        Assert.Equal(loaded, loaded.Present());
        Assert.Equal(0, await host.NodeCounter("caretta_node_unloaded"));
    }

    private Task<(int ExitCode, string Output)> Unload(OneHost host, string more)
    {
        var (certificate, key) = _authority.Member("operator");
        return Run(host, certificate, key, more);
    }

    private Task<(int ExitCode, string Output)> Run(OneHost host, string certificate, string key, string more) => ProgramUnderTest.Run(
        "caretta-aggregator",
        "unload-agents", $"--aggregators=https://localhost:{host.IngressPort}", $"--certificate-file={certificate}", $"--key-file={key}", $"--ca-file={_authority.CaFile}", more);

    private OneHost Host()
    {
        var (certificate, key) = _authority.Member();
        return new OneHost
        {
            AggregatorSettings =
            [
                "--Caretta:Aggregator:Security=Tls",
                "--Caretta:Aggregator:HttpSecurity=Off",
                $"--Caretta:Aggregator:CertificateFile={certificate}",
                $"--Caretta:Aggregator:KeyFile={key}",
                $"--Caretta:Aggregator:CaFile={_authority.CaFile}",
            ],
        };
    }

    private string[] NodeSettings(OneHost host, string node)
    {
        var (certificate, key) = _authority.Node(node);
        return
        [
            "--Caretta:Node:Security=Tls",
            $"--Caretta:Node:Aggregator=https://localhost:{host.IngressPort}",
            $"--Caretta:Node:NodeName={node}",
            $"--Caretta:Node:CaFile={_authority.CaFile}",
            $"--Caretta:Node:CertificateFile={certificate}",
            $"--Caretta:Node:KeyFile={key}",
        ];
    }
}
