using Caretta.FakeCluster;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>The two programs under TLS, as they are started by default: by files alone, which are replaced while they run.</summary>
public sealed class SecuredRunSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-e2e-").FullName;
    private readonly TestAuthority _authority;

    public SecuredRunSpecs() => _authority = new TestAuthority(_folder);

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [PrivilegedFact]
    public async Task Totals_arrive_exactly_and_new_certificates_are_taken_over_by_the_running_programs()
    {
        await using var host = Host();
        await host.StartBoth(NodeSettings(host, "node-a"));
        using var traffic = new Traffic(41);
        traffic.LongConnection();
        await host.Settles(traffic);

        _authority.Member();
        _authority.Node("node-a");
        await Eventually.True(
            async () => await Reloads(host.Node, "caretta_node_reloads_total") == 1 && await Reloads(host.Aggregator, "caretta_aggregator_reloads_total") == 1,
            () => $"both taken over;\nagent: {host.Node.Output}\naggregator: {host.Aggregator.Output}");

        await host.Aggregator.Kill();
        await host.StartAggregator().Ready();
        traffic.LongConnection();
        await host.Settles(traffic);
    }

    [PrivilegedFact]
    public async Task An_agent_that_another_authority_vouches_for_is_refused_and_both_say_why()
    {
        using var stranger = new TestAuthority(_folder, "stranger");
        var (certificate, key) = stranger.Node("node-b", "forged");
        await using var host = Host();
        host.StartAggregator();
        await host.Aggregator.Ready();
        host.StartNode([.. NodeSettings(host, "node-b"), $"--Caretta:Node:CertificateFile={certificate}", $"--Caretta:Node:KeyFile={key}"]);
        await Eventually.True(
            () => Task.FromResult(host.Node.Output.Contains("does not chain to an authority", StringComparison.Ordinal)),
            () => $"the reason; the agent said:\n{host.Node.Output}");
        var scrape = await host.Aggregator.Answer();
        Assert.True(scrape.Sum("caretta_aggregator_unauthenticated_total", ("reason", "certificate_untrusted")) >= 1);
        Assert.Equal(0, scrape.Sum("caretta_aggregator_reports_total"));
    }

    private static async Task<decimal> Reloads(ProgramUnderTest program, string name) =>
        await program.Scrape() is { } scrape ? scrape.Sum(name, ("file", "certificate")) : 0;

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
