using System.Text.Json;
using Caretta.Aggregator.Cli;
using Caretta.Aggregator.Journal.Tool;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;
using Caretta.Tests.Aggregator.Map;

namespace Caretta.Tests.Aggregator.Cli;

/// <summary>Commands for people in terminals, against a server.</summary>
public class MapCommandsSpecs
{
    private static readonly NetworkLink Cart = MapFacts.Link("shop/cart", "data/db", 5432);
    private static readonly NetworkLink Other = MapFacts.Link("office/mail", "external/=smtp", 25);

    [Fact]
    public async Task Links_are_shown_in_every_format_and_filtered()
    {
        await using var aggregator = await WithLinksAsync();

        var (code, json, _) = await RunAsync(aggregator, "links", "--namespace", "shop", "-o", "json");
        var link = Assert.Single(JsonDocument.Parse(json).RootElement.EnumerateArray());
        Assert.Equal((0, Cart.Id.ToString(), 1000UL), (code, link.GetProperty("id").GetString(), link.GetProperty("sentBytes").GetUInt64()));

        var csv = (await RunAsync(aggregator, "links", "-o", "csv", "--sort", "name")).Output.Trim().Split(Environment.NewLine);
        Assert.Equal(3, csv.Length);
        Assert.Contains(",'=smtp,", csv[1], StringComparison.Ordinal);

        var table = (await RunAsync(aggregator, "links", "--port", "5432")).Output;
        Assert.Contains("shop/Deployment/cart → data/Deployment/db:5432", table, StringComparison.Ordinal);
        Assert.DoesNotContain("office", table, StringComparison.Ordinal);

        var dot = (await RunAsync(aggregator, "links", "-o", "dot", "--external", "no")).Output;
        Assert.StartsWith("digraph caretta {", dot, StringComparison.Ordinal);
        Assert.Contains("Deployment\\ncart", dot, StringComparison.Ordinal);
        Assert.DoesNotContain("smtp", dot, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_links_come_page_by_page()
    {
        await using var aggregator = await RunningAggregator.StartAsync();
        await aggregator.ReportAsync([.. Enumerable.Range(0, 1100).Select(number => Traffic.Report(Traffic.Link(number), sent: (ulong)number))]);
        await UntilShownAsync(aggregator, 1100);
        Assert.Equal(1100, JsonDocument.Parse((await RunAsync(aggregator, "links", "-o", "json")).Output).RootElement.GetArrayLength());
        Assert.Equal(1050, JsonDocument.Parse((await RunAsync(aggregator, "links", "-o", "json", "--limit", "1050")).Output).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Where_the_output_is_no_terminal_top_is_one_table()
    {
        await using var aggregator = await WithLinksAsync();
        var (code, output, _) = await RunAsync(aggregator, "top");
        Assert.Equal(0, code);
        Assert.Contains("shop/cart", output, StringComparison.Ordinal);
        Assert.Contains("4 workloads, 2 edges", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Theory]
    [InlineData("links", "--url", "ftp://x")]
    [InlineData("links", "--url", "http://127.0.0.1:1")]
    [InlineData("links", "--user", "ann")]
    [InlineData("links", "--token-file", "/nothing")]
    [InlineData("top", "--url", "http://192.0.2.1:1", "--token-file", "/proc/self/comm")]
    public async Task What_cannot_be_done_ends_with_one_message_and_exit_code_1(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(1, await MapCommands.RunAsync(args, output, error, TestContext.Current.CancellationToken));
        Assert.Single(error.ToString().Trim().Split(Environment.NewLine));
    }

    [Fact]
    public async Task What_the_API_refuses_it_explains()
    {
        await using var aggregator = await RunningAggregator.StartAsync();
        var (code, _, error) = await RunAsync(aggregator, "links", "--port", "70000");
        Assert.Equal(1, code);
        Assert.Contains("ports from 0 to 65535", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("caretta-aggregator ", "links")]
    [InlineData("caretta-aggregator ", "journal")]
    [InlineData("caretta-aggregator links --na", "--namespace")]
    [InlineData("caretta-aggregator links -o ", "dot")]
    public async Task A_shell_may_ask_how_a_line_goes_on(string line, string word)
    {
        Assert.Contains(word, (await RunAsync($"[suggest:{line.Length}]", line)).Output.Split(Environment.NewLine));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F")]
    [InlineData("zsh", "#compdef caretta-aggregator")]
    [InlineData("fish", "complete -c caretta-aggregator")]
    public async Task Each_shell_gets_what_it_needs_for_that(string shell, string text)
    {
        var (code, output) = await RunAsync("completion", shell);
        Assert.Equal(0, code);
        Assert.Contains(text, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_tells_of_every_command()
    {
        Assert.Contains("top --help", (await AggregatorProcess.RunAsync("--help")).Out, StringComparison.Ordinal);
        Assert.Contains("--token-file", (await RunAsync("top", "--help")).Output, StringComparison.Ordinal);
        Assert.Contains("csv or dot", (await RunAsync("links", "--help")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\u001b[2Jx", "\ufffd[2Jx")]
    [InlineData("a\u202eb", "a\ufffdb")]
    [InlineData("カート", "カート")]
    public void No_name_moves_the_cursor(string name, string shown) => Assert.Equal(shown, CleanText.Of(name));

    private static async Task<RunningAggregator> WithLinksAsync()
    {
        var aggregator = await RunningAggregator.StartAsync();
        await aggregator.ReportAsync(new Report(Cart, 1, Traffic.Totals(1000), default), new Report(Other, 1, Traffic.Totals(10), default));
        await UntilShownAsync(aggregator, 2);
        return aggregator;
    }

    private static async Task UntilShownAsync(RunningAggregator aggregator, int links) =>
        (await MapApiSpecs.UntilAsync(aggregator, "/api/v1/map", map => map.GetProperty("totals").GetProperty("links").GetInt32() == links)).Dispose();

    private static async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        Assert.True(MapCommands.Take(args));
        using var output = new StringWriter();
        return (await MapCommands.RunAsync(args, output, TextWriter.Null, TestContext.Current.CancellationToken, JournalCommand.Described), output.ToString());
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(RunningAggregator aggregator, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await MapCommands.RunAsync([.. args, "--url", aggregator.Http.ToString()], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
