using System.Buffers.Text;
using System.Text;
using Caretta.FakeCluster;
using Caretta.Messages.Wire;
using Caretta.Tests.Aggregator.Fakes;
using Grpc.Core;

namespace Caretta.Tests.Aggregator.Security;

/// <summary>An agent proves its node's name by a token that an API server vouches for, over real TLS.</summary>
public sealed class AgentTokenSpecs : IAsyncLifetime
{
    private const string Node = "node-1";
    private const string Audience = "caretta-aggregator";
    private const string Agent = "system:serviceaccount:caretta:caretta-node";

    private FakeApiServer _api = null!;
    private SecuredAggregator _aggregator = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await FakeApiServer.StartAsync(new SimulatedCluster());
        _aggregator = await SecuredAggregator.StartAsync(
            settings: ["--kubernetes=ApiServer", $"--api-server={_api.Address}", "--agent-service-account=caretta/caretta-node"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _aggregator.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task With_a_token_of_its_pod_a_node_is_welcome_and_a_crowd_of_its_streams_costs_one_review()
    {
        _api.Tokens.Accept("good", Audience, Agent, Node);
        for (var stream = 0; stream < 3; stream++)
        {
            Assert.NotNull((await AnswerAsync("good")).Welcome);
        }

        Assert.Equal(1, _api.Tokens.Asked);
        Assert.Equal(2, await _aggregator.Metric("caretta_aggregator_token_reviews_total", ("outcome", "remembered")));
    }

    [Theory]
    [InlineData("of another audience", "token_audience", "audience 'caretta-aggregator'")]
    [InlineData("of another user", "token_user", "AgentServiceAccount")]
    [InlineData("without a node", "token_node", "Kubernetes 1.30")]
    [InlineData("of another node", "other_name", "node 'node-2'")]
    [InlineData("never heard of", "token_invalid", "invalid bearer token")]
    public async Task A_token_that_proves_something_else_is_refused_with_the_reason_and_counted(string token, string reason, string said)
    {
        _api.Tokens.Accept("of another audience", "other", Agent, Node);
        _api.Tokens.Accept("of another user", Audience, "system:serviceaccount:caretta:default", Node);
        _api.Tokens.Accept("without a node", Audience, Agent, null);
        _api.Tokens.Accept("of another node", Audience, Agent, "node-2");

        var refused = (await AnswerAsync(token)).Refused;
        Assert.Equal(RefusalKind.RefusalUnauthenticated, refused.Kind);
        Assert.Contains(said, refused.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(token, refused.Reason, StringComparison.Ordinal);
        Assert.Equal(1, await _aggregator.Metric("caretta_aggregator_unauthenticated_total", ("reason", reason)));
    }

    [Fact]
    public async Task With_the_api_server_away_open_streams_go_on_and_new_ones_are_told_to_wait()
    {
        _api.Tokens.Accept("first", Audience, Agent, Node);
        _api.Tokens.Accept("second", Audience, Agent, "node-2");
        await using var open = _aggregator.Dial(null, Bearer("first"));
        await open.BeginAsync(Traffic.Source(Node));
        await _api.StopAsync();

        Assert.Equal(RefusalKind.RefusalUnavailable, (await AnswerAsync("second", "node-2")).Refused.Kind);
        await open.ReportAsync(watermark: 1, Traffic.Report(Traffic.Link(1), sent: 1000));

        await _api.StartAsync();
        Assert.NotNull((await AnswerAsync("second", "node-2")).Welcome);
        Assert.Equal(0, await _aggregator.Metric("caretta_aggregator_unauthenticated_total", ("reason", "token_invalid")));
        Assert.Equal(1, await _aggregator.Metric("caretta_aggregator_token_reviews_total", ("outcome", "failed")));
    }

    [Fact]
    public async Task Before_its_token_ends_a_stream_is_asked_to_come_again_with_the_next_one()
    {
        _api.Tokens.Accept("another's", Audience, Agent, "node-2");
        await _aggregator.ServesAsync(null, Traffic.Source("node-2"), Bearer("another's"));
        var asked = _api.Tokens.Asked;
        var (ending, next) = (TokenThatEnds(TimeSpan.FromSeconds(10)), TokenThatEnds(TimeSpan.FromHours(1)));
        _api.Tokens.Accept(ending, Audience, Agent, Node);
        _api.Tokens.Accept(next, Audience, Agent, Node);
        await using (var open = _aggregator.Dial(null, Bearer(ending)))
        {
            await open.BeginAsync(Traffic.Source(Node));
            await open.ReportAsync(watermark: 1, Traffic.Report(Traffic.Link(1), sent: 1000));
            Assert.Equal(asked + 1, _api.Tokens.Asked);

            Assert.Equal(RefusalKind.RefusalProveAgain, (await open.NextAsync())!.Refused.Kind); // after the shortest time for which a proof counts: 30 s
            Assert.Equal(asked + 2, _api.Tokens.Asked); // somebody who could answer for the next token was there
        }

        await using var again = _aggregator.Dial(null, Bearer(next));
        await again.BeginAsync(Traffic.Source(Node));
        await again.ReportAsync(watermark: 2, Traffic.Report(Traffic.Link(1), sent: 2000));
    }

    [Fact]
    public async Task A_review_that_is_forbidden_says_nothing_against_the_agent()
    {
        _api.Tokens.Forbidden = true;
        var refused = (await AnswerAsync("good")).Refused;
        Assert.Equal(RefusalKind.RefusalUnavailable, refused.Kind);
        Assert.Contains("tokenreviews.authentication.k8s.io", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_shown_is_what_counts()
    {
        _api.Tokens.Accept("good", Audience, Agent, Node);
        using var stranger = new TestAuthority(_aggregator.Folder, "stranger");
        var refused = (await _aggregator.AnswerTo(stranger.Node(Node, "forged"), Node, Bearer("good"))).Refused;
        Assert.Equal(RefusalKind.RefusalUnauthenticated, refused.Kind);
        Assert.Equal(0, _api.Tokens.Asked);
    }

    [Fact]
    public async Task An_aggregator_that_asks_nobody_takes_no_token()
    {
        await using var other = await SecuredAggregator.StartAsync();
        var refused = (await other.AnswerTo(null, Node, Bearer("good"))).Refused;
        Assert.Contains("AgentServiceAccount", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(1, await other.Metric("caretta_aggregator_unauthenticated_total", ("reason", "token_not_taken")));
    }

    private static string TokenThatEnds(TimeSpan within) =>
        $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"exp":{{(DateTimeOffset.UtcNow + within).ToUnixTimeSeconds()}}}"""))}.sig";

    private static Metadata Bearer(string token) => new() { { "authorization", $"Bearer {token}" } };

    private Task<FromAggregator> AnswerAsync(string token, string node = Node) => _aggregator.AnswerTo(null, node, Bearer(token));
}
