using System.Net;
using System.Text.Json;
using Caretta.TestServers;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Database;

/// <summary>The real program, and a database that goes away under it and comes back.</summary>
public sealed class JournalOutageSpecs : IAsyncLifetime
{
    private static readonly Caretta.Messages.NetworkLink[] Links = [.. Enumerable.Range(0, 100).Select(number => Traffic.Link(number))];

    private readonly TempFolder _folder = new();
    private PostgresServer _server = null!;
    private string _connection = "";

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        _connection = await _server.CreateDatabaseAsync("journal");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("killed")]
    [InlineData("stopped")]
    [InlineData("paused")]
    public async Task Totals_are_exported_on_while_the_database_is_away_and_grow_again_when_it_is_back_without_a_restart(string how)
    {
        await using var aggregator = await StartAsync();
        await UntilAsync(aggregator, HttpStatusCode.OK, available: true);
        var source = Traffic.Source();
        await using (var agent = await AgentClient.OpenAsync(aggregator.Ingress, source))
        {
            await agent.ReportAsync(watermark: 1, Reports(1000));
            await aggregator.ScrapeUntilObservedAsync(Observed(1000));
            var before = await InterruptionsAsync(aggregator);
            await TakeAwayAsync(how);
            foreach (var batch in Reports(2000).GroupBy(report => (int)(report.Link.Id % 64)).Select(shard => agent.Batch(shard.Key, watermark: 2, shard)))
            {
                await agent.SendAsync(batch);
            }

            await UntilAsync(aggregator, HttpStatusCode.OK, available: false);
            await UntilPersistsFailAsync(aggregator);
            await UntilAsync(aggregator, HttpStatusCode.OK, available: false); // its ledgers are gone, its totals are not
            var page = await aggregator.ScrapeAsync();
            Assert.Equal(0, page.Value("caretta_aggregator_journal_available"));
            Assert.Equal(before + 1, page.Value("caretta_aggregator_journal_interruptions_total"));
            Assert.Equal(Observed(1000), page.ByLink("caretta_links_observed"));
        }

        await BringBackAsync(how);
        await UntilAsync(aggregator, HttpStatusCode.OK, available: true);
        await using var again = await AgentClient.OpenAsync(aggregator.Ingress, source);
        await again.ReportAsync(watermark: 2, Reports(2000));
        await aggregator.ScrapeUntilObservedAsync(Observed(2000));
    }

    [Fact]
    public async Task A_member_that_starts_while_the_database_is_away_lives_says_why_it_is_not_ready_and_joins_when_it_comes()
    {
        await _server.StopAsync();
        await using var aggregator = await StartAsync();
        await UntilAsync(aggregator, HttpStatusCode.ServiceUnavailable, available: false);
        using var client = new HttpClient();
        Assert.Equal("ok", await client.GetStringAsync(new Uri(aggregator.Http, "/healthz"), TestContext.Current.CancellationToken));

        await _server.StartAgainAsync();
        await UntilAsync(aggregator, HttpStatusCode.OK, available: true);
    }

    [Fact]
    public async Task What_only_an_operator_can_mend_ends_the_process_with_one_message()
    {
        await _server.AskAsync("CREATE ROLE nobody LOGIN");
        await _server.AskAsync("REVOKE ALL ON DATABASE journal FROM PUBLIC");
        var (exit, _, error) = await AggregatorProcess.RunAsync(
            "--http-port=0", "--ingress-port=0", "--remote-port=0", "--journal=PostgreSql", $"--postgre-sql={_server.ConnectionString("journal", "nobody")}");
        Assert.Equal(1, exit);
        Assert.Contains("GRANT CONNECT ON DATABASE journal TO nobody", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static Dictionary<string, double> Observed(double sent) => Links.ToDictionary(link => $"{link.Id}", _ => sent);

    /// <summary>How often it has been away so far, which a slow machine may have made more than never; it is there now.</summary>
    private static async Task<double> InterruptionsAsync(AggregatorProcess aggregator)
    {
        await UntilAsync(aggregator, HttpStatusCode.OK, available: true);
        return (await aggregator.ScrapeAsync()).Value("caretta_aggregator_journal_interruptions_total");
    }

    private static List<Caretta.Messages.Report> Reports(ulong sent) => [.. Links.Select(link => Traffic.Report(link, sent))];

    private Task<AggregatorProcess> StartAsync() =>
        AggregatorProcess.StartAsync(_folder.Path, "--journal=PostgreSql", "--postgre-sql=" + _connection);

    private async Task TakeAwayAsync(string how)
    {
        switch (how)
        {
            case "killed": await _server.KillAsync(); break;
            case "stopped": await _server.StopAsync(); break;
            default: _server.Pause(); break;
        }
    }

    private async Task BringBackAsync(string how)
    {
        if (how == "paused")
        {
            _server.Resume();
        }
        else
        {
            await _server.StartAgainAsync();
        }
    }

    /// <summary>Asks again as soon as it was answered; the test's own time limit is the bound.</summary>
    private static async Task UntilAsync(AggregatorProcess aggregator, HttpStatusCode status, bool available)
    {
        using var client = new HttpClient();
        while (true)
        {
            using var answer = await client.GetAsync(new Uri(aggregator.Http, "/readyz"), TestContext.Current.CancellationToken);
            using var detail = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            var journal = detail.RootElement.GetProperty("journal");
            if (answer.StatusCode == status && journal.GetProperty("available").GetBoolean() == available)
            {
                Assert.Equal(available, journal.GetProperty("since").ValueKind == JsonValueKind.Null);
                return;
            }
        }
    }

    private static Task UntilPersistsFailAsync(AggregatorProcess aggregator) =>
        aggregator.ScrapeUntilAsync("caretta_aggregator_persist_failures_total", failures => failures > 0);
}
