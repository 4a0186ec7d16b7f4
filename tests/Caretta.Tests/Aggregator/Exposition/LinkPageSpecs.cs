using System.IO.Compression;
using System.Text;
using Caretta.Aggregator;
using Caretta.Aggregator.Exposition;
using Caretta.Aggregator.Links;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;
using Microsoft.AspNetCore.Http;
using Prometheus;

namespace Caretta.Tests.Aggregator.Exposition;

public class LinkPageSpecs
{
    private static readonly NetworkLink Link = new(
        new Workload("shop", "Deployment", "cart", "Helm"), new Workload("shop", "StatefulSet", "orders"), 5432, Role.Client);

    /// <summary>Without the closing brace: one family adds a label.</summary>
    private static readonly string Labels =
        $"{{client_id=\"{Link.Client.Id}\",client_kind=\"Deployment\",client_name=\"cart\",client_namespace=\"shop\",client_owner=\"Helm\","
        + $"link_id=\"{Link.Id}\",role=\"1\",server_id=\"{Link.Server.Id}\",server_kind=\"StatefulSet\",server_name=\"orders\","
        + "server_namespace=\"shop\",server_owner=\"\",server_port=\"5432\"";

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly AggregatorMetrics _metrics;
    private readonly LinkGauges _gauges;

    public LinkPageSpecs()
    {
        _metrics = new AggregatorMetrics(Metrics.WithCustomRegistry(_registry));
        _gauges = new LinkGauges(_metrics);
    }

    [Fact]
    public async Task Every_family_of_a_link_is_written_as_documented()
    {
        var totals = new LinkTotals(1000, 2000, 300, 400, 5, 4, 1, 77, 1_500_000, 6, 12_000_001);
        Show(Link, totals, LevelsOf((TcpState.Established, 2), (TcpState.CloseWait, 1)));
        Assert.Equal(
            $$"""
            # HELP caretta_links_observed Bytes sent so far by the observed end of the link.
            # TYPE caretta_links_observed gauge
            caretta_links_observed{{Labels}}} 1000
            # HELP caretta_link_past_bytes The part of the bytes sent by closed connections.
            # TYPE caretta_link_past_bytes gauge
            caretta_link_past_bytes{{Labels}}} 300
            # HELP caretta_link_sent_bytes_total Payload bytes sent and acknowledged by the peer.
            # TYPE caretta_link_sent_bytes_total counter
            caretta_link_sent_bytes_total{{Labels}}} 1000
            # HELP caretta_link_received_bytes_total Payload bytes received.
            # TYPE caretta_link_received_bytes_total counter
            caretta_link_received_bytes_total{{Labels}}} 2000
            # HELP caretta_link_connections_opened_total Connections established.
            # TYPE caretta_link_connections_opened_total counter
            caretta_link_connections_opened_total{{Labels}}} 5
            # HELP caretta_link_connections_closed_total Established connections that ended.
            # TYPE caretta_link_connections_closed_total counter
            caretta_link_connections_closed_total{{Labels}}} 4
            # HELP caretta_link_connections_failed_total Connections never established.
            # TYPE caretta_link_connections_failed_total counter
            caretta_link_connections_failed_total{{Labels}}} 1
            # HELP caretta_link_retransmitted_bytes_total Bytes sent more than once.
            # TYPE caretta_link_retransmitted_bytes_total counter
            caretta_link_retransmitted_bytes_total{{Labels}}} 77
            # HELP caretta_link_rtt_seconds Round-trip time samples.
            # TYPE caretta_link_rtt_seconds summary
            caretta_link_rtt_seconds_sum{{Labels}}} 1.500000
            caretta_link_rtt_seconds_count{{Labels}}} 6
            # HELP caretta_link_connection_seconds_total Lifetime of closed connections.
            # TYPE caretta_link_connection_seconds_total counter
            caretta_link_connection_seconds_total{{Labels}}} 12.000001
            # HELP caretta_link_active_connections Connections established and not yet closed.
            # TYPE caretta_link_active_connections gauge
            caretta_link_active_connections{{Labels}}} 3
            # HELP caretta_tcp_states Connections of the link in each TCP state; only states with connections.
            # TYPE caretta_tcp_states gauge
            caretta_tcp_states{{Labels}},state="established"} 2
            caretta_tcp_states{{Labels}},state="close_wait"} 1

            """,
            await WriteAsync());
    }

    [Fact]
    public async Task In_links_mode_only_the_main_gauge_is_exported()
    {
        Show(Link, Traffic.Totals(1000), Traffic.Levels(3));
        Assert.Equal(
            $$"""
            # HELP caretta_links_observed Bytes sent so far by the observed end of the link.
            # TYPE caretta_links_observed gauge
            caretta_links_observed{{Labels}}} 1000

            """,
            await WriteAsync(full: false));
    }

    [Theory]
    [InlineData("a\"b", @"a\""b")]
    [InlineData(@"a\b", @"a\\b")]
    [InlineData("a\nb", @"a\nb")]
    [InlineData("\\\n\"", @"\\\n\""")]
    [InlineData("カート {x=1,y}", "カート {x=1,y}")]
    public async Task A_label_is_escaped_and_reads_back_as_it_was(string name, string onThePage)
    {
        Show(Link with { Client = Link.Client with { Name = name } }, Traffic.Totals(1));
        var text = await WriteAsync();
        Assert.Contains($",client_name=\"{onThePage}\",", text, StringComparison.Ordinal);
        Assert.Equal(name, Assert.Single(Page.Parse(text).Of("caretta_links_observed")).Labels["client_name"]);
    }

    [Fact]
    public async Task The_main_gauge_has_the_originals_labels_in_the_order_of_the_alphabet()
    {
        Show(Link, Traffic.Totals(1));
        string[] expected =
        [
            "client_id", "client_kind", "client_name", "client_namespace", "client_owner", "link_id", "role",
            "server_id", "server_kind", "server_name", "server_namespace", "server_owner", "server_port",
        ];
        var labels = Assert.Single(Page.Parse(await WriteAsync()).Of("caretta_links_observed")).Labels;
        Assert.Equal(expected, labels.Keys); // in the order of the page
        Assert.Equal($"{Link.Id} {Link.Client.Id} {Link.Server.Id}", $"{labels["link_id"]} {labels["client_id"]} {labels["server_id"]}");
    }

    [Theory]
    [InlineData((1UL << 53) + 1, "9007199254740993")]
    [InlineData((1UL << 56) - 1, "72057594037927935")]
    [InlineData(ulong.MaxValue, "18446744073709551615")]
    public async Task A_value_is_written_to_its_last_byte_however_large(ulong sent, string text)
    {
        Show(Link, new LinkTotals { SentBytes = sent });
        Assert.Equal(text, Assert.Single(Page.Parse(await WriteAsync()).Of("caretta_links_observed")).Text);
    }

    [Theory]
    [InlineData(0, "0.000000")]
    [InlineData(1, "0.000001")]
    [InlineData(999_999, "0.999999")]
    [InlineData(1_000_000, "1.000000")]
    [InlineData(72_057_594_037_927_935, "72057594037.927935")]
    public async Task Microseconds_are_written_as_seconds_without_rounding(ulong microseconds, string text)
    {
        Show(Link, new LinkTotals { RttMicroseconds = microseconds });
        Assert.Equal(text, Assert.Single(Page.Parse(await WriteAsync()).Of("caretta_link_rtt_seconds_sum")).Text);
    }

    [Fact]
    public async Task A_state_has_a_line_only_while_there_are_connections_in_it()
    {
        var every = Enum.GetValues<TcpState>().Select(state => (state, (uint)state)).ToArray();
        var series = Show(Link, Traffic.Totals(1), LevelsOf(every));
        Assert.Equal(
            [
                "established=1", "syn_sent=2", "syn_recv=3", "fin_wait1=4", "fin_wait2=5", "time_wait=6", "close=7", "close_wait=8",
                "last_ack=9", "listen=10", "closing=11",
            ],
            Page.Parse(await WriteAsync()).Of("caretta_tcp_states").Select(sample => $"{sample.Labels["state"]}={sample.Value}"));

        series.Show(Traffic.Totals(1), default);
        Assert.Empty(Page.Parse(await WriteAsync()).Of("caretta_tcp_states"));
    }

    [Fact]
    public async Task However_many_links_every_family_is_announced_once_and_holds_every_link()
    {
        var links = Enumerable.Range(0, 3000).Select(number => Traffic.Link(number)).ToList(); // many times the buffer
        foreach (var (number, link) in links.Index())
        {
            Show(link, Traffic.Totals((ulong)number), Traffic.Levels(1));
        }

        var text = await WriteAsync();
        var page = Page.Parse(text); // throws at a second TYPE
        var lines = text.Split('\n');
        Assert.All(page.Types.Keys, family => Assert.Single(lines, line => line.StartsWith($"# HELP {family} ", StringComparison.Ordinal)));
        Assert.Equal(LinkFamilies.Full.Count + 1, page.Types.Count);
        var expected = links.Index().ToDictionary(one => $"{one.Item.Id}", one => (double)one.Index);
        Assert.Equal(expected, page.ByLink("caretta_links_observed"));
        Assert.All(page.Samples.GroupBy(sample => sample.Name), family => Assert.Equal(links.Count, family.Count()));
    }

    [Fact]
    public async Task Links_with_the_longest_labels_the_ingress_lets_in_are_written_whole()
    {
        var longest = new string('"', 253);
        for (var number = 0; number < 50; number++)
        {
            var workload = new Workload(longest, longest, new string('節', 250) + number, longest);
            var levels = LevelsOf([.. Enum.GetValues<TcpState>().Select(state => (state, 1U))]);
            Show(new NetworkLink(workload, workload, ushort.MaxValue, Role.Server), Traffic.Totals(1), levels);
        }

        var page = Page.Parse(await WriteAsync());
        Assert.Equal(50, page.Of("caretta_links_observed").Count());
        Assert.Equal(50 * 11, page.Of("caretta_tcp_states").Count());
    }

    [Fact]
    public async Task A_removed_link_is_gone_and_the_others_stay()
    {
        var series = Enumerable.Range(0, 3).Select(number => Show(Traffic.Link(number), Traffic.Totals((ulong)number + 1))).ToList();
        _gauges.Remove(shard: 0, Traffic.Link(0).Id);
        _gauges.Remove(shard: 0, Traffic.Link(0).Id);
        series[0].Show(Traffic.Totals(99), default); // its actor has not heard of it yet
        Assert.Equal([2D, 3D], Page.Parse(await WriteAsync()).Of("caretta_links_observed").Select(sample => sample.Value).Order());
        Assert.Equal(2, _metrics.Links.Value);
    }

    [Fact]
    public async Task What_a_shard_recovered_is_shown_and_nothing_else_of_it()
    {
        Show(Traffic.Link(0), Traffic.Totals(1), Traffic.Levels(2));
        Show(Traffic.Link(1), Traffic.Totals(2));
        Assert.Equal([Traffic.Link(0).Id], _gauges.Recover(shard: 0, [Held(0, sent: 10), Held(2, sent: 30), new LinkState(Traffic.Link(3))]));

        var page = Page.Parse(await WriteAsync());
        Assert.Equal([10D, 30D], page.Of("caretta_links_observed").Select(sample => sample.Value).Order());
        Assert.Equal(2D, page.Of("caretta_link_active_connections").Sum(sample => sample.Value)); // the link that outlived its ledger has them
        Assert.Equal(2, _metrics.Links.Value);
    }

    [Fact]
    public async Task A_shard_that_leaves_takes_its_links_along()
    {
        Show(Traffic.Link(0), Traffic.Totals(1));
        _gauges.Open(Traffic.Link(1), shard: 1).Show(Traffic.Totals(2), default);
        _gauges.Leave(shard: 0);
        Assert.Equal([2D], Page.Parse(await WriteAsync()).Of("caretta_links_observed").Select(sample => sample.Value));
        Assert.Equal(1, _metrics.Links.Value);
    }

    [Fact]
    public async Task Without_links_nothing_is_written()
    {
        Assert.Equal("", await WriteAsync());
    }

    [Fact]
    public async Task The_compressed_answer_is_the_plain_one()
    {
        for (var number = 0; number < 1000; number++)
        {
            Show(Traffic.Link(number), Traffic.Totals((ulong)number), Traffic.Levels(1));
        }

        var (plain, plainEncoding) = await ServeAsync(acceptEncoding: "");
        var (compressed, encoding) = await ServeAsync("br;q=0.5, gzip");
        Assert.Equal(("", "gzip"), (plainEncoding, encoding));
        await using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        var unpacked = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(LinkLines(Encoding.UTF8.GetString(plain)), LinkLines(unpacked));
        Assert.NotEmpty(LinkLines(unpacked));
    }

    [Theory]
    [InlineData("")]
    [InlineData("br, deflate")]
    [InlineData("gzip;q=0, identity")]
    public async Task Who_does_not_take_gzip_gets_plain_text(string acceptEncoding)
    {
        Show(Link, Traffic.Totals(1));
        var (body, encoding) = await ServeAsync(acceptEncoding);
        Assert.Equal("", encoding);
        Assert.NotEmpty(Page.Parse(Encoding.UTF8.GetString(body)).Of("caretta_links_observed"));
    }

    /// <summary>The rest is about the scrapes themselves, and differs from one to the next.</summary>
    private static List<string> LinkLines(string page) =>
        [.. page.Split('\n').SkipWhile(line => !line.StartsWith("# HELP caretta_links_observed", StringComparison.Ordinal))];

    private static LinkLevels LevelsOf(params (TcpState State, uint Connections)[] levels)
    {
        Span<uint> counts = stackalloc uint[LinkLevels.StateCount];
        foreach (var (state, connections) in levels)
        {
            counts[(int)state] = connections;
        }

        return LinkLevels.Of(counts);
    }

    private static LinkState Held(int number, ulong sent)
    {
        var link = new LinkState(Traffic.Link(number));
        link.Apply(new Contributor(Traffic.Source()), Traffic.Totals(sent));
        return link;
    }

    private LinkSeries Show(NetworkLink link, LinkTotals totals, LinkLevels levels = default)
    {
        var series = _gauges.Open(link);
        series.Show(totals, levels);
        return series;
    }

    private async Task<string> WriteAsync(bool full = true)
    {
        using var page = new MemoryStream();
        await new LinkPage(_gauges, full).WriteAsync(page, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(page.ToArray());
    }

    private async Task<(byte[] Body, string Encoding)> ServeAsync(string acceptEncoding)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        context.Request.Headers.AcceptEncoding = acceptEncoding;
        await new MetricsEndpoint(_registry, new LinkPage(_gauges, full: true), _metrics).ServeAsync(context);
        return (body.ToArray(), context.Response.Headers.ContentEncoding.ToString());
    }
}
