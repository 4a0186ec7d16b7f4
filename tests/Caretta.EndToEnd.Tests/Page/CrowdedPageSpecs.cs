using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Caretta.EndToEnd.Tests.Page;

/// <summary>The map of a large cluster in a real browser, served by a real aggregator.</summary>
public partial class CrowdedPageSpecs(CrowdedPage served) : IClassFixture<CrowdedPage>
{
    private const char Group = '\u202f';

    [BrowserFact]
    public async Task It_opens_on_namespaces_and_their_sums_are_what_agents_counted()
    {
        await using var window = await served.OpenAsync("?select=n:team-007");

        await Expect(window.Status).ToContainTextAsync($"5{Group}000 workloads in 100 namespaces · 50{Group}k connections");
        var touching = served.Truth.Count(link => link.Link.Client.Namespace == "team-007" || link.Link.Server.Namespace == "team-007");
        await Expect(window.Panel.Locator("dl.facts")).ToContainTextAsync($"Opened{touching.ToString("N0", CultureInfo.InvariantCulture).Replace(',', Group)}");
        foreach (var (space, sent) in await SentAsync(window))
        {
            Assert.Equal(SentBy(space), sent);
        }

        Assert.Empty(window.Complaints);
    }

    [BrowserFact]
    public async Task A_namespace_opened_by_keyboard_shows_its_workloads()
    {
        await using var window = await served.OpenAsync();
        await window.Map.FocusAsync();
        await window.Page.Keyboard.PressAsync("ArrowRight");
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Page).ToHaveURLAsync(Expanded());
        var space = Expanded().Match(window.Page.Url).Groups[1].Value;

        await window.Page.Keyboard.PressAsync("t");

        await Expect(window.Rows.Filter(new LocatorFilterOptions { HasText = $"{space}/service-" }).First).ToBeVisibleAsync();
        await Expect(window.Button("Table")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(window.Status).ToContainTextAsync("in 100 namespaces");
    }

    [BrowserFact]
    public async Task A_search_finds_one_of_thousands_and_shows_who_is_near()
    {
        await using var window = await served.OpenAsync();
        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync("service-4321");
        await Expect(window.Page.Locator("#found .option")).ToHaveCountAsync(1);
        await window.Page.Keyboard.PressAsync("Enter");

        await Expect(window.Panel.Locator("h2")).ToHaveTextAsync("service-4321");
        var links = served.Truth.Select(link => link.Link).Where(link => link.Client.Name == "service-4321" || link.Server.Name == "service-4321");
        var near = links.SelectMany(link => new[] { link.Client, link.Server }).Distinct().Count();
        await Expect(window.Status).ToContainTextAsync($"{near} workloads");
        Assert.Contains("focus=w", window.Page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task What_nobody_could_read_as_a_map_becomes_a_table_by_itself()
    {
        await using var window = await served.OpenAsync("?expand=*");

        await Expect(window.Button("Table")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(window.Map).ToBeHiddenAsync();
        Assert.InRange(await window.Rows.CountAsync(), 1, 600);

        await window.Button("Draw the busiest").ClickAsync();

        await Expect(window.Map).ToBeVisibleAsync();
        await Expect(window.Page.Locator(".too-many")).ToContainTextAsync("The 30");
    }

    /// <summary>What the page is told, by namespace.</summary>
    private static async Task<Dictionary<string, ulong>> SentAsync(PageWindow window) => await window.Page.EvaluateAsync<Dictionary<string, ulong>>(
        "fetch('api/v1/map').then(answer => answer.json()).then(map => Object.fromEntries(map.nodes.filter(node => node.type === 'namespace').map(node => [node.namespace, node.bytesOut])))");

    private ulong SentBy(string space) => served.Truth.Aggregate(0UL, (sum, link) => sum
        + (link.Link.Client.Namespace == space ? link.Truth.Sent : 0) + (link.Link.Server.Namespace == space ? link.Truth.Received : 0));

    [GeneratedRegex(@"expand=(team-\d+)")]
    private static partial Regex Expanded();
}
