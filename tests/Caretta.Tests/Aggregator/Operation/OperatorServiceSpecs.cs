using Caretta.Aggregator.Operation;
using Caretta.FakeCluster;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Caretta.Tests.Aggregator.Fakes;
using Caretta.Tests.Aggregator.Security;
using Grpc.Core;

namespace Caretta.Tests.Aggregator.Operation;

/// <summary>Who may have agents unload, what they hear of it and what he hears of them, over real TLS.</summary>
public class OperatorServiceSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_shows_a_members_certificate_has_every_agent_unload_and_hears_each_ones_answer()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        await using var good = await AgentAsync(aggregator, "node-a", protocol: 3);
        await using var bad = await AgentAsync(aggregator, "node-b", protocol: 3);
        await using var old = await AgentAsync(aggregator, "node-c", protocol: 2);
        using var channel = aggregator.Channel(aggregator.Authority.Member("operator"));

        var asked = new Operator.OperatorClient(channel).UnloadAgentsAsync(new UnloadAgentsRequest { WithinMs = 60_000 }, cancellationToken: Cancel);
        await AnswerAsync(good, "");
        await AnswerAsync(bad, "disk full");
        var reply = await asked;

        Assert.False(reply.KnowsHosts);
        var answers = reply.Agents.OrderBy(agent => agent.NodeName, StringComparer.Ordinal).ToList();
        Assert.Equal([("node-a", true, ""), ("node-b", false, "disk full")], answers[..2].Select(agent => (agent.NodeName, agent.Unloaded, agent.Problem)));
        Assert.Contains("version that cannot be asked", answers[2].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_is_obeyed_and_every_refusal_is_counted()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        await using var agent = await AgentAsync(aggregator, "node-a", protocol: 3);
        using var stranger = new TestAuthority(aggregator.Folder, "stranger");
        foreach (var files in new (string, string)?[] { null, aggregator.Authority.Node("node-b"), aggregator.Authority.Server("server", "caretta-aggregator"), stranger.Member("forged") })
        {
            using var channel = aggregator.Channel(files);
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await new Operator.OperatorClient(channel).UnloadAgentsAsync(new UnloadAgentsRequest(), cancellationToken: Cancel));
            Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        }

        var link = Traffic.Link(1);
        await agent.SendAsync(agent.Batch(LinkSharding.ShardOf(link, LinkSharding.DefaultShardCount), watermark: 1, Traffic.Report(link, sent: 1000)));
        FromAggregator? said;
        do
        {
            said = await agent.NextAsync();
        }
        while (said is { Waiting: not null }); // the journal may be slow

        Assert.NotNull(said!.Answers); // it heard nothing of it: the next word is an acknowledgement
        Assert.Equal(2, await aggregator.Metric("caretta_aggregator_operator_refusals_total", ("reason", "untrusted")));
        Assert.Equal(2, await aggregator.Metric("caretta_aggregator_operator_refusals_total", ("reason", "purpose")));
    }

    [Fact]
    public async Task An_agent_that_ends_its_stream_instead_is_named_at_once()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        var agent = await AgentAsync(aggregator, "node-a", protocol: 3);
        using var channel = aggregator.Channel(aggregator.Authority.Member("operator"));
        var asked = new Operator.OperatorClient(channel).UnloadAgentsAsync(new UnloadAgentsRequest { WithinMs = 60_000 }, cancellationToken: Cancel);
        await UnloadAsync(agent);
        await agent.DisposeAsync();
        Assert.Contains("ended before it answered", Assert.Single((await asked).Agents).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_says_it_has_unloaded_without_being_asked_breaks_the_rules()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        await using var agent = await AgentAsync(aggregator, "node-a", protocol: 3);
        await agent.SayAsync(new FromNode { Unloaded = new Unloaded() });
        FromAggregator? said;
        do
        {
            said = await agent.NextAsync();
        }
        while (said is { Refused: null });

        Assert.Equal(RefusalKind.RefusalInvalid, said!.Refused.Kind);
    }

    [Fact]
    public async Task The_command_asks_by_name_and_its_exit_code_says_whether_any_host_is_left()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        await using var agent = await AgentAsync(aggregator, "node-a", protocol: 3);
        var running = RunAsync(aggregator, "--timeout=60");
        await AnswerAsync(agent, "");
        var (exit, output) = await running;
        Assert.True(exit == 0, output);
        Assert.Contains("Unloaded: 1 of 1 hosts.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_ends_within_its_time_and_names_who_did_not_answer()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        await using var agent = await AgentAsync(aggregator, "node-a", protocol: 3);
        var (exit, output) = await RunAsync(aggregator, "--timeout=1");
        Assert.Equal(1, exit);
        Assert.Contains("not node-a: It has not answered in time.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_of_the_cluster_without_an_agent_are_named_and_may_be_excepted()
    {
        var cluster = new SimulatedCluster();
        cluster.Put(Manifest.Node("node-a", "192.0.2.1"), Manifest.Node("win-1", "192.0.2.2"));
        await using var api = await FakeApiServer.StartAsync(cluster);
        await using var aggregator = await SecuredAggregator.StartAsync(false, "--kubernetes=ApiServer", $"--api-server={api.Address}");
        await using var agent = await AgentAsync(aggregator, "node-a", protocol: 3);
        var time = new ManualTime(DateTimeOffset.UtcNow);
        var answering = AnswerAllAsync(agent, () => time.Pass(TimeSpan.FromSeconds(60)));
        var (exit, output) = await RunAsync(aggregator, "--timeout=60", "--except=win-*");
        Assert.True(exit == 0, output);

        (exit, output) = await RunAsync(aggregator, time, "--timeout=60"); // which are over when the agent has answered
        Assert.Equal(1, exit);
        Assert.Contains("Unloaded: 1 of 2 hosts.", output, StringComparison.Ordinal);
        Assert.Contains("not win-1: no agent of it is connected", output, StringComparison.Ordinal);
        await agent.DisposeAsync();
        await answering;
    }

    [Fact]
    public async Task The_command_says_what_it_lacks()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.Equal(1, await UnloadCommand.RunAsync([UnloadCommand.Name], output, error, TimeProvider.System, Cancel));
        Assert.Contains("--certificate-file", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Until its stream ends.</summary>
    private static async Task AnswerAllAsync(AgentClient agent, Action asked)
    {
        try
        {
            while (await agent.NextAsync() is { } said)
            {
                if (said.Unload is not null)
                {
                    asked();
                    await agent.SendAsync(new FromNode { Unloaded = new Unloaded() });
                }
            }
        }
        catch (RpcException over) when (over.StatusCode == StatusCode.Cancelled)
        {
            // The spec has seen enough.
        }
    }

    private static Task<(int ExitCode, string Output)> RunAsync(SecuredAggregator aggregator, params string[] more) =>
        RunAsync(aggregator, TimeProvider.System, more);

    private static async Task<(int ExitCode, string Output)> RunAsync(SecuredAggregator aggregator, TimeProvider time, params string[] more)
    {
        var (certificate, key) = aggregator.Authority.Member("operator");
        var output = new StringWriter();
        var exit = await UnloadCommand.RunAsync(
            [UnloadCommand.Name, $"--aggregators={aggregator.Ingress}", $"--certificate-file={certificate}", $"--key-file={key}", $"--ca-file={aggregator.Authority.CaFile}", .. more],
            output, output, time, Cancel);
        return (exit, output.ToString());
    }

    private static async Task<AgentClient> AgentAsync(SecuredAggregator aggregator, string node, uint protocol)
    {
        var agent = aggregator.Dial(aggregator.Authority.Node(node));
        await agent.SendAsync(AgentClient.Hello(Traffic.Source(node), protocol: protocol));
        var shards = (await agent.NextAsync())!.Welcome.ShardCount;
        for (var held = 0; held < shards;)
        {
            var said = (await agent.NextAsync())!;
            held += said.Answers?.Held.Count ?? (said.Held is null ? 0 : 1);
        }

        return agent;
    }

    private static async Task UnloadAsync(AgentClient agent)
    {
        FromAggregator? said;
        do
        {
            said = await agent.NextAsync();
        }
        while (said is { Unload: null });

        Assert.NotNull(said);
    }

    private static async Task AnswerAsync(AgentClient agent, string problem)
    {
        await UnloadAsync(agent);
        await agent.SendAsync(new FromNode { Unloaded = new Unloaded { Problem = problem } });
    }
}
