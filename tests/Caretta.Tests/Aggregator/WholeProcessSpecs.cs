using System.Net;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator;

public class WholeProcessSpecs
{
    [Fact]
    public async Task Totals_are_the_same_after_kill_minus_nine()
    {
        using var folder = new TempFolder();
        var source = Traffic.Source();
        var reports = Enumerable.Range(0, 200).Select(number => Traffic.Report(Traffic.Link(number), sent: 1000UL + (ulong)number)).ToList();
        await using var first = await AggregatorProcess.StartAsync(folder.Path);
        await using (var agent = await AgentClient.OpenAsync(first.Ingress, source))
        {
            Assert.All(agent.HeldAtStart.Values, sequence => Assert.Equal(0UL, sequence));
            await agent.ReportAsync(watermark: 1, reports);
        }

        await first.KillAsync();
        await using var second = await AggregatorProcess.StartAsync(folder.Path);
        await UntilReadyAsync(second.Http);

        var page = await second.ScrapeAsync();
        var expected = reports.ToDictionary(report => report.Link.Id.ToString(), report => (double)report.Totals.SentBytes);
        Assert.Equal(expected, page.ByLink("caretta_links_observed"));
        await using var again = await AgentClient.OpenAsync(second.Ingress, source);
        Assert.Equal(64, again.HeldAtStart.Count);
        Assert.All(reports, report => Assert.Equal(1UL, again.HeldAtStart[(int)(report.Link.Id % 64)]));
    }

    [Fact]
    public async Task Sigterm_ends_it_cleanly_while_an_agent_is_connected()
    {
        using var folder = new TempFolder();
        await using var aggregator = await AggregatorProcess.StartAsync(folder.Path);
        await using var agent = await AgentClient.OpenAsync(aggregator.Ingress, Traffic.Source());
        var next = agent.NextAsync();

        Assert.Equal(0, await aggregator.StopAsync());

        Assert.Equal(RefusalKind.RefusalUnavailable, (await next)!.Refused.Kind);
    }

    [Fact]
    public async Task A_stream_that_begins_with_silence_is_told_so_and_ended()
    {
        using var folder = new TempFolder();
        await using var aggregator = await AggregatorProcess.StartAsync(folder.Path);
        await using var silent = AgentClient.Dial(aggregator.Ingress);

        var refused = (await silent.NextAsync())!.Refused;
        Assert.Equal(RefusalKind.RefusalInvalid, refused.Kind);
        Assert.Contains("No Hello came within 10 s", refused.Reason, StringComparison.Ordinal);
        Assert.Null(await silent.NextAsync());
    }

    [Fact]
    public async Task A_second_live_stream_for_one_nodes_name_is_refused_and_the_first_lives_on()
    {
        using var folder = new TempFolder();
        await using var aggregator = await AggregatorProcess.StartAsync(folder.Path);
        var source = Traffic.Source("node-a");
        await using var first = await AgentClient.OpenAsync(aggregator.Ingress, source);
        await using var second = AgentClient.Dial(aggregator.Ingress);
        await second.SendAsync(AgentClient.Hello(Traffic.Source("node-a")));

        var refused = (await second.NextAsync())!.Refused;
        Assert.Equal(RefusalKind.RefusalNodeNameInUse, refused.Kind);
        Assert.Contains("node-a", refused.Reason, StringComparison.Ordinal);
        Assert.Null(await second.NextAsync());
        await first.ReportAsync(watermark: 1, Traffic.Report(Traffic.Link(1), sent: 1));
        var refusal = Assert.Single((await aggregator.ScrapeAsync()).Of("caretta_aggregator_refusals_total"), kind => kind.Value != 0);
        Assert.Equal(("node_name_in_use", 1D), (refusal.Labels["kind"], refusal.Value));
    }

    [Fact]
    public async Task An_agent_that_comes_anew_takes_over_from_its_stream_before()
    {
        using var folder = new TempFolder();
        await using var aggregator = await AggregatorProcess.StartAsync(folder.Path);
        var source = Traffic.Source("node-a");
        await using var before = await AgentClient.OpenAsync(aggregator.Ingress, source);
        await using var anew = await AgentClient.OpenAsync(aggregator.Ingress, source);
        Assert.Contains("younger stream", (await before.NextAsync())!.Refused.Reason, StringComparison.Ordinal);
        Assert.Null(await before.NextAsync());

        await anew.ReportAsync(watermark: 1, Traffic.Report(Traffic.Link(1), sent: 1));
        var ended = Assert.Single((await aggregator.ScrapeAsync()).Of("caretta_aggregator_streams_ended_total"), reason => reason.Value != 0);
        Assert.Equal(("taken_over", 1D), (ended.Labels["reason"], ended.Value));
    }

    [Fact]
    public async Task One_report_nobody_could_mean_is_left_out_and_the_rest_of_its_batch_counts()
    {
        using var folder = new TempFolder();
        await using var aggregator = await AggregatorProcess.StartAsync(folder.Path);
        await using var agent = await AgentClient.OpenAsync(aggregator.Ingress, Traffic.Source());
        var good = Traffic.Link(1);
        var bad = good with { Client = good.Client with { Name = "\u001b[2J" } };
        var batch = agent.Batch(LinkSharding.ShardOf(good, LinkSharding.DefaultShardCount), watermark: 1, Traffic.Report(bad, sent: 5), Traffic.Report(good, sent: 7));
        await agent.SendAsync(batch);
        Assert.Equal((1UL, 1UL), ((await agent.NextAsync())!.Held is var held ? held.BatchId : 0, held.Sequence));

        var page = await aggregator.ScrapeUntilObservedAsync(new Dictionary<string, double> { [$"{good.Id}"] = 7 });
        var ignored = Assert.Single(page.Of("caretta_aggregator_reports_ignored_total"), reason => reason.Value != 0);
        Assert.Equal(("name", 1D), (ignored.Labels["reason"], ignored.Value));
    }

    [Fact]
    public async Task So_many_streams_are_served_and_a_further_one_is_sent_elsewhere()
    {
        using var folder = new TempFolder();
        await using var aggregator = await AggregatorProcess.StartAsync(folder.Path, "--max-streams=1");
        await using var first = await AgentClient.OpenAsync(aggregator.Ingress, Traffic.Source("node-a"));
        await using var second = AgentClient.Dial(aggregator.Ingress);
        await second.SendAsync(AgentClient.Hello(Traffic.Source("node-b")));
        Assert.Equal(RefusalKind.RefusalUnavailable, (await second.NextAsync())!.Refused.Kind);
        await first.ReportAsync(watermark: 1, Traffic.Report(Traffic.Link(1), sent: 1));
    }

    [Fact]
    public async Task A_batch_before_hello_and_a_second_hello_are_refused()
    {
        using var folder = new TempFolder();
        await using var aggregator = await AggregatorProcess.StartAsync(folder.Path);
        await using var early = AgentClient.Dial(aggregator.Ingress);
        await early.SendAsync(early.Batch(shard: 0, watermark: 1));
        Assert.Equal("A stream begins with Hello.", (await early.NextAsync())!.Refused.Reason);

        await using var twice = await AgentClient.OpenAsync(aggregator.Ingress, Traffic.Source());
        await twice.SendAsync(AgentClient.Hello(Traffic.Source()));
        Assert.Equal("After Hello a stream carries batches and questions only.", (await twice.NextAsync())!.Refused.Reason);
    }

    /// <summary>Asks again as soon as it was answered; the test's own time limit is the bound.</summary>
    private static async Task UntilReadyAsync(Uri http)
    {
        using var client = new HttpClient();
        while ((await client.GetAsync(new Uri(http, "/readyz"), TestContext.Current.CancellationToken)).StatusCode != HttpStatusCode.OK)
        {
            await Task.Yield();
        }
    }
}
