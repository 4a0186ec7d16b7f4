using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Caretta.EndToEnd.Tests.Page;

/// <summary>The map in a real browser, served by a real aggregator.</summary>
public class PageSpecs(ServedPage served) : IClassFixture<ServedPage>
{
    private static readonly string[] Views = ["", "?view=table", "?view=matrix", "?changes=60", "?namespace=shop"];
    private static readonly ColorScheme[] Schemes = [ColorScheme.Dark, ColorScheme.Light];

    [BrowserFact]
    public async Task It_loads_under_a_strict_policy_without_an_error_and_asks_nobody_else()
    {
        await using var window = await served.OpenAsync();
        var response = await window.GoAsync();

        var policy = await response.HeaderValueAsync("content-security-policy");
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Empty(window.Complaints);
    }

    [BrowserFact]
    public async Task It_counts_a_connection_once_though_both_ends_do_and_shows_what_they_counted()
    {
        await using var window = await served.OpenAsync("?view=table&port=2222");

        await Expect(window.Rows).ToHaveCountAsync(1);
        await Expect(window.Row("archive/dump", "data/orders-db")).ToContainTextAsync("1.2 MB");
        await Expect(window.Rows.First).ToContainTextAsync("89 kB");
        await window.Rows.First.ClickAsync();
        var roles = window.Panel.Locator("table.small tbody tr");
        await Expect(roles.Nth(0)).ToHaveTextAsync("sent1.2 MB89 kB");
        await Expect(roles.Nth(1)).ToHaveTextAsync("received89 kB1.2 MB");
        await Expect(roles.Nth(2)).ToHaveTextAsync("opened33");
        await Expect(window.Panel.Locator("dl.facts")).ToContainTextAsync("Opened3");
    }

    [BrowserFact]
    public async Task What_an_agent_reports_comes_to_an_open_page()
    {
        await using var window = await served.OpenAsync("?view=table");
        await Expect(window.Row("payments/payments", "data/orders-db")).ToHaveCountAsync(1);
        await Expect(window.Row("jobs/nightly-report", "data/orders-db")).ToHaveCountAsync(0);

        await served.Agent.ReportAsync(Shop.Newcomer());

        await Expect(window.Row("jobs/nightly-report", "data/orders-db")).ToContainTextAsync("123 kB");
    }

    [BrowserFact]
    public async Task A_failing_dependency_is_said_in_words_too()
    {
        await using var window = await served.OpenAsync("?view=table&port=9000");

        await Expect(window.Row("payments/payments", "payments/fraud-check")).ToContainTextAsync("75 %");
    }

    [BrowserFact]
    public async Task A_search_goes_to_what_is_near_and_back_leads_to_the_whole()
    {
        await using var window = await served.OpenAsync();
        var whole = await window.Status.TextContentAsync();
        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync("fraud");
        await Expect(window.Page.Locator("#found .option")).ToHaveCountAsync(1);
        await window.Page.Keyboard.PressAsync("Enter");

        await Expect(window.Status).ToContainTextAsync("2 workloads");
        Assert.Contains("focus=w", window.Page.Url, StringComparison.Ordinal);
        await Expect(window.Panel.Locator("h2")).ToHaveTextAsync("fraud-check");

        await window.Page.GoBackAsync();
        await Expect(window.Status).ToContainTextAsync(whole!.Split('·')[0].Trim());
    }

    [BrowserFact]
    public async Task A_filter_narrows_the_view_and_its_chip_takes_it_off()
    {
        await using var window = await served.OpenAsync();
        await window.Page.Locator(".bar").GetByText("Filters").ClickAsync();
        await window.Page.GetByLabel("Port", new PageGetByLabelOptions { Exact = true }).FillAsync("443");
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Status).ToContainTextAsync("2 workloads");

        await window.Button("Remove: port 443").ClickAsync();

        await Expect(window.Status).Not.ToContainTextAsync("2 workloads");
    }

    [BrowserFact]
    public async Task A_namespace_closes_and_opens_by_keyboard()
    {
        await using var window = await served.OpenAsync("?expand=shop");
        await Expect(window.Status).ToContainTextAsync("namespaces");
        await window.Map.FocusAsync();
        await window.TabUntilAsync(async () => (await window.Said.TextContentAsync())!.Contains("in shop", StringComparison.Ordinal));

        await window.Page.Keyboard.PressAsync("c");

        await Expect(window.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("expand=-"));
    }

    [BrowserFact]
    public async Task All_nodes_and_connections_are_reached_by_tab_and_then_the_map_is_left()
    {
        await using var window = await served.OpenAsync("?namespace=payments");
        await Expect(window.Status).ToContainTextAsync("4 connections");
        await window.Map.FocusAsync();
        var said = new List<string>();
        await window.TabUntilAsync(async () =>
        {
            if (!await window.Map.EvaluateAsync<bool>("map => document.activeElement === map"))
            {
                return true;
            }

            said.Add((await window.Said.TextContentAsync())!);
            return false;
        });

        Assert.Equal(4, said.Count(text => text.Contains(" to ", StringComparison.Ordinal)));
        Assert.Equal(5, said.Count(text => text.Contains("sends", StringComparison.Ordinal)));
    }

    [BrowserFact]
    public async Task Enter_opens_details_with_queries_and_Esc_closes_them()
    {
        await using var window = await served.OpenAsync();
        await window.Map.FocusAsync();
        await window.Page.Keyboard.PressAsync("ArrowRight");
        await window.Page.Keyboard.PressAsync("Enter");

        await Expect(window.Panel.Locator("h2")).ToBeVisibleAsync();
        await Expect(window.Panel.Locator(".query code").First).ToContainTextAsync("(caretta_links_observed{");
        await Expect(window.Panel).ToContainTextAsync("First seen");

        await window.Page.Keyboard.PressAsync("Escape");
        await Expect(window.Panel).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task An_address_shows_the_same_to_whoever_opens_it()
    {
        await using var window = await served.OpenAsync("?view=table&namespace=data&minRate=0&kind=StatefulSet");

        await Expect(window.Page.Locator(".chip")).ToHaveCountAsync(2);
        await Expect(window.Row("shop/cart", "data/orders-db")).ToHaveCountAsync(1);
        await Expect(window.Button("Table")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [BrowserFact]
    public async Task What_an_address_hides_is_named_though_it_is_on_no_map_and_asked_for_once()
    {
        var hidden = new Messages.Workload("payments", "Deployment", "fraud-check");
        await using var window = await served.OpenAsync();
        var asked = 0;
        window.Page.Request += (_, request) => asked += request.Url.Contains("/workloads/", StringComparison.Ordinal) ? 1 : 0;

        await window.GoAsync($"?hide=w{hidden.Id}");

        await Expect(window.Page.Locator(".chip")).ToContainTextAsync("fraud-check");
        Assert.Equal(1, asked);
    }

    [BrowserFact]
    public async Task The_view_is_exported_as_it_is()
    {
        await using var window = await served.OpenAsync("?port=9000");
        await window.Button("Export this view").ClickAsync();
        var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.GetByText("CSV").ClickAsync());
        using var text = new StreamReader(await download.CreateReadStreamAsync());
        var lines = (await text.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(2, lines.Length);
        Assert.Contains("fraud-check", lines[1], StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Light_and_dark_follow_the_system_until_somebody_chooses()
    {
        await using var window = await served.OpenAsync(scheme: ColorScheme.Light);
        var root = window.Page.Locator("html");
        await Expect(root).ToHaveAttributeAsync("data-theme", "light");

        await window.Button("Light or dark").ClickAsync();
        await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
        await window.GoAsync();
        await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
    }

    [BrowserFact]
    public async Task Nothing_serious_is_in_the_way_of_people_with_impairments()
    {
        foreach (var (query, scheme) in from query in Views from scheme in Schemes select (query, scheme))
        {
            await using var window = await served.OpenAsync(query, scheme);
            var result = await window.Page.RunAxe();

            Assert.Empty(result.Violations.Where(violation => violation.Impact is "serious" or "critical")
                .Select(violation => $"{query} {scheme} {violation.Id}: {violation.Help} {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));
        }
    }
}
