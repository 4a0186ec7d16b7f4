using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>The API of a whole aggregator, over HTTP.</summary>
public class MapApiSpecs
{
    private static readonly NetworkLink Cart = MapFacts.Link("shop/cart", "data/db", 5432);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_agents_report_of_both_ends_is_one_edge_with_its_numbers()
    {
        await using var aggregator = await RunningAggregator.StartAsync();
        await aggregator.ReportAsync(new Report(Cart, 1, Traffic.Totals(1000, 50), default), new Report(Cart with { Role = Role.Server }, 1, Traffic.Totals(60, 990), default));

        // A map that only stands in for a later one may have both as well, and says that it is not complete.
        using var map = await UntilAsync(aggregator, "/api/v1/map", map => map.GetProperty("complete").GetBoolean() && map.GetProperty("totals").GetProperty("links").GetInt32() == 2);

        var root = map.RootElement;
        var edge = Assert.Single(root.GetProperty("edges").EnumerateArray());
        Assert.Equal((1000UL, 60UL), (edge.GetProperty("bytesToServer").GetUInt64(), edge.GetProperty("bytesToClient").GetUInt64()));
        Assert.InRange(edge.GetProperty("firstSeen").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        Assert.Equal(["cart", "db"], root.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("name").GetString()).Order());

        foreach (var id in new[] { edge.GetProperty("id").GetString(), Cart.Id.ToString() })
        {
            using var link = JsonDocument.Parse(await aggregator.GetAsync("/api/v1/links/" + id));
            Assert.Equal(1000UL, link.RootElement.GetProperty("roles")[0].GetProperty("sentBytes").GetUInt64());
            Assert.Contains($"link_id=\"{Cart.Id}\"", link.RootElement.GetProperty("promql")[0].GetProperty("query").GetString(), StringComparison.Ordinal);
        }

        using var workload = JsonDocument.Parse(await aggregator.GetAsync("/api/v1/workloads/w" + Cart.Server.Id));
        Assert.Equal((5432, "in"), workload.RootElement.GetProperty("ports")[0] is var port ? (port.GetProperty("port").GetInt32(), port.GetProperty("direction").GetString()) : default);
        using var changes = JsonDocument.Parse(await aggregator.GetAsync("/api/v1/changes?minutes=5"));
        Assert.Equal(1, changes.RootElement.GetProperty("appearedTotal").GetInt32());
    }

    [Theory]
    [InlineData("/api/v1/map?maxNodes=0", 400)]
    [InlineData("/api/v1/map?nodes=3", 400)]
    [InlineData("/api/v1/links?after=%21", 400)]
    [InlineData("/api/v1/links/e1?x=1", 400)]
    [InlineData("/api/v1/stream?format=csv", 400)]
    [InlineData("/api/v1/links/e1", 404)]
    [InlineData("/api/v1/links/99999999999999999999999", 404)]
    [InlineData("/api/v1/links/%2e%2e%2fmetrics", 404)]
    [InlineData("/api/v1/workloads/w-1", 404)]
    [InlineData("/api/v1/nothing", 404)]
    [InlineData("/api/", 404)]
    public async Task What_cannot_be_answered_is_a_problem_with_cause_and_remedy(string path, int status)
    {
        await using var aggregator = await RunningAggregator.StartAsync();
        if (status == 404)
        {
            await UntilItHasAMapAsync(aggregator);
        }

        using var answer = await aggregator.Client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.RootElement.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.RootElement.GetProperty("detail").GetString()!);
    }

    [Theory]
    [InlineData("?format=csv", "", "text/csv")]
    [InlineData("", "text/csv", "text/csv")]
    [InlineData("?format=dot", "", "text/vnd.graphviz")]
    [InlineData("?format=json", "text/csv", "application/json")]
    [InlineData("", "*/*", "application/json")]
    public async Task A_view_comes_in_the_format_asked_for(string question, string accept, string type)
    {
        await using var aggregator = await RunningAggregator.StartAsync();
        await UntilItHasAMapAsync(aggregator);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/map" + question);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await aggregator.Client.SendAsync(request, Cancel);
        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Answers_are_compressed_for_who_takes_that_and_events_are_not()
    {
        await using var aggregator = await RunningAggregator.StartAsync();
        await UntilItHasAMapAsync(aggregator);
        aggregator.Client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
        using var map = await aggregator.Client.GetAsync(new Uri("/api/v1/map", UriKind.Relative), Cancel);
        Assert.Equal(["gzip"], map.Content.Headers.ContentEncoding);
        using var stream = await aggregator.Client.GetAsync(new Uri("/api/v1/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Empty(stream.Content.Headers.ContentEncoding);
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_hundred_open_pages_all_hear_of_what_changes_and_cost_no_more_gathering_than_one()
    {
        var began = Stopwatch.GetTimestamp();
        await using var aggregator = await RunningAggregator.StartAsync();
        await UntilItHasAMapAsync(aggregator);
        var pages = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => EventReader.OpenAsync(aggregator.Client, "/api/v1/stream")));
        await Task.WhenAll(pages.Select(page => page.UntilAsync("event: map")));
        Assert.Equal(100, aggregator.Feed.Streams);

        await aggregator.ReportAsync(new Report(Cart, 1, Traffic.Totals(1000, 50), default));
        await Task.WhenAll(pages.Select(page => page.UntilAsync("\"bytesToServer\":1000")));

        // One at most in each refresh that there was time for.
        var gathers = await aggregator.MetricAsync("caretta_aggregator_map_gathers_total");
        Assert.InRange(gathers, 1, 1 + (Stopwatch.GetElapsedTime(began) / RunningAggregator.Refresh));
        foreach (var page in pages)
        {
            page.Dispose();
        }

        await Eventually.TrueAsync(() => aggregator.Feed.Streams == 0);
    }

    [Fact]
    public async Task The_page_is_served_with_what_keeps_it_safe_and_only_once()
    {
        await using var aggregator = await RunningAggregator.StartAsync();
        aggregator.Client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br");
        using var page = await aggregator.Client.GetAsync(new Uri("/", UriKind.Relative), Cancel);
        Assert.Equal((HttpStatusCode.OK, "text/html", "br"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType, page.Content.Headers.ContentEncoding.Single()));
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));

        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var unchanged = await aggregator.Client.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var head = await aggregator.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/index.html"), Cancel);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        using var elsewhere = await aggregator.Client.GetAsync(new Uri("/../appsettings.json", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    /// <summary>One whose machine has other work may say at first that it has none.</summary>
    internal static async Task UntilItHasAMapAsync(RunningAggregator aggregator) => (await UntilAsync(aggregator, "/api/v1/map", _ => true)).Dispose();

    internal static Task<JsonDocument> UntilAsync(RunningAggregator aggregator, string path, Func<JsonElement, bool> isSo) => Eventually.FoundAsync(async () =>
    {
        using var answer = await aggregator.Client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        if (isSo(json.RootElement))
        {
            return json;
        }

        json.Dispose();
        return null;
    });
}
