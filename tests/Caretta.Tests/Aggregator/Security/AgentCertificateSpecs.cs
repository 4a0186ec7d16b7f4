using Caretta.FakeCluster;
using Caretta.Messages.Wire;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Security;

/// <summary>An agent proves its node's name by a client certificate, over real TLS.</summary>
public class AgentCertificateSpecs
{
    private const string Node = "node-a";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_its_own_certificate_a_node_is_welcome_and_its_reports_are_kept(bool withIntermediate)
    {
        await using var aggregator = await SecuredAggregator.StartAsync(withIntermediate);
        await using var agent = aggregator.Dial(aggregator.Authority.Node(Node));
        await agent.BeginAsync(Traffic.Source(Node));
        await agent.ReportAsync(watermark: 1, Traffic.Report(Traffic.Link(1), sent: 1000)); // returns when the journal has it
    }

    [Fact]
    public async Task Who_does_not_prove_his_name_is_refused_with_the_reason_and_counted()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        using var stranger = new TestAuthority(aggregator.Folder, "stranger");
        var authority = aggregator.Authority;
        var now = DateTimeOffset.UtcNow;

        await Refused(aggregator, null, "no_proof", "CertificateFile");
        await Refused(aggregator, stranger.Node(Node, "forged"), "certificate_untrusted", "does not chain to an authority");
        await Refused(
            aggregator, authority.Issue("old", [Node], TestAuthority.Dials, now.AddDays(-1), now.AddMinutes(-1)), "certificate_expired", "Issue a new one");
        await Refused(aggregator, authority.Server("server", Node), "certificate_purpose", "clientAuth");
        await Refused(aggregator, authority.Issue("anything", [Node], []), "certificate_purpose", "clientAuth");
        await Refused(aggregator, authority.Issue("two", [Node, "node-b"], TestAuthority.Dials), "certificate_name", "exactly one DNS name");
        await Refused(aggregator, authority.Issue("wild", ["*"], TestAuthority.Dials), "certificate_name", "exactly one DNS name");
        await Refused(aggregator, authority.Issue(Node, [], TestAuthority.Dials), "certificate_name", "exactly one DNS name"); // its CN counts for nothing
        await Refused(aggregator, authority.Node("node-b"), "other_name", "'node-b'");

        Assert.Equal(9, await aggregator.Metric("caretta_aggregator_refusals_total", ("kind", "unauthenticated")));
        await aggregator.MetricIs(0, "caretta_aggregator_streams"); // a stream ends after its last word
    }

    [Fact]
    public async Task An_authority_that_is_no_longer_ours_counts_for_nothing_from_the_next_stream_on()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        var channel = aggregator.Channel(aggregator.Authority.Node(Node));
        await using var before = AgentClient.Dial(channel);
        await before.BeginAsync(Traffic.Source(Node));

        using var successor = new TestAuthority(aggregator.Folder, "successor");
        File.Copy(successor.CaFile, aggregator.Authority.CaFile, overwrite: true);
        aggregator.LookAfterFiles();

        await using var after = AgentClient.Dial(channel); // another stream of the same connection
        await after.SayAsync(AgentClient.Hello(Traffic.Source(Node)));
        Assert.Equal(RefusalKind.RefusalUnauthenticated, (await after.NextAsync())!.Refused.Kind);
    }

    [Fact]
    public async Task When_its_certificate_ends_a_stream_ends_too_and_asks_for_another_proof()
    {
        await using var aggregator = await SecuredAggregator.StartAsync();
        await aggregator.ServesAsync(aggregator.Authority.Node("node-b"), Traffic.Source("node-b"));
        var now = DateTimeOffset.UtcNow;
        await using var agent = aggregator.Dial(aggregator.Authority.Issue("short", [Node], TestAuthority.Dials, now.AddDays(-1), now.AddSeconds(20)));
        await agent.BeginAsync(Traffic.Source(Node));
        Assert.Equal(RefusalKind.RefusalProveAgain, (await agent.NextAsync())!.Refused.Kind);
        Assert.True(DateTimeOffset.UtcNow >= now.AddSeconds(19));
        Assert.Equal(1, await aggregator.Metric("caretta_aggregator_refusals_total", ("kind", "prove_again")));
    }

    private static async Task Refused(SecuredAggregator aggregator, (string, string)? files, string reason, string remedy)
    {
        var before = await aggregator.Metric("caretta_aggregator_unauthenticated_total", ("reason", reason));
        var refused = (await aggregator.AnswerTo(files, Node)).Refused;
        Assert.Equal(RefusalKind.RefusalUnauthenticated, refused.Kind);
        Assert.Contains(remedy, refused.Reason, StringComparison.Ordinal);
        Assert.Equal(before + 1, await aggregator.Metric("caretta_aggregator_unauthenticated_total", ("reason", reason)));
    }
}
