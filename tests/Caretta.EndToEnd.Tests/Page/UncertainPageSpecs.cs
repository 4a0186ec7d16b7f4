using System.Net;
using Caretta.EndToEnd.Tests.Metrics;
using Caretta.EndToEnd.Tests.Programs;
using Caretta.TestServers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Caretta.EndToEnd.Tests.Page;

/// <summary>What a page says that real aggregators do not answer, or not wholly.</summary>
public sealed class UncertainPageSpecs : IAsyncLifetime
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-page-").FullName;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Missing is null)
        {
            SetDefaultExpectTimeout(120_000); // turns a hang into a failure; no spec measures by it
            _playwright = await Playwright.CreateAsync();
            _browser = await Chromium.LaunchAsync(_playwright);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [BrowserFact]
    public async Task Whose_proof_counts_no_more_is_told_so_keeps_the_map_and_comes_back_by_himself()
    {
        var tokens = Path.Combine(_folder, "tokens");
        await File.WriteAllTextAsync(tokens, Token);
        var (port, ingress) = (FreePort.At("127.0.0.1"), FreePort.At("127.0.0.1"));
        await using var aggregator = await ProgramUnderTest.Start(
            "caretta-aggregator", port, "--security=Off", $"--http-port={port}", $"--ingress-port={ingress}", $"--remote-port={FreePort.At("127.0.0.1")}",
            $"--data-folder={_folder}", $"--http-tokens-file={tokens}").Ready();
        await using var agent = await ShopAgent.OpenAsync(new Uri($"http://127.0.0.1:{ingress}"), "node-1");
        await agent.ReportAsync(Shop.After(1));
        using var http = Bearer(new Uri($"http://127.0.0.1:{port}/"));
        await using var window = await OpenAsync(http.BaseAddress!, Token);
        await Expect(window.Status).ToContainTextAsync("7 connections");

        await File.WriteAllTextAsync(tokens, new string('f', Token.Length));
        await Eventually.True(async () => await StatusAsync(http) == HttpStatusCode.Unauthorized, () => "the other tokens are taken over");
        await window.Page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))"); // as if it had been out of sight: it connects anew

        await Expect(window.Banner).ToContainTextAsync("This aggregator asks who you are");
        await Expect(window.Status).ToContainTextAsync("7 connections");
        await Expect(window.Map).ToBeVisibleAsync();

        await File.WriteAllTextAsync(tokens, Token);
        await Expect(window.Banner).ToHaveCountAsync(0);
        await Expect(window.Status).ToContainTextAsync("live");
    }

    [BrowserFact]
    public async Task A_member_that_does_not_answer_is_named_and_its_links_stay_on_the_map()
    {
        await using var members = await ThreeMembers.StartTwo("--stable-after=00:02:00"); // until then nobody takes the silent one's links over
        await members.Trade(polls: 2, TimeSpan.FromSeconds(1), () => Task.CompletedTask);
        await members.Join(); // so that two are a majority, which alone may say what links are theirs
        await using var window = await OpenAsync(members.Http(0));
        await Expect(window.Status).ToContainTextAsync($"{ThreeMembers.Links} connections");
        await Expect(window.Banner).ToHaveCountAsync(0);

        members.Pause(2);

        await Expect(window.Banner).ToContainTextAsync($"2 of 3 aggregators answered in time: {members.Name(2)}.");
        await Expect(window.Status).ToContainTextAsync($"{ThreeMembers.Links} connections");
    }

    private async Task<PageWindow> OpenAsync(Uri address, string? token = null, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 1440, Height = 900 },
            ExtraHTTPHeaders = token is null ? null : [new("Authorization", $"Bearer {token}")], // as a proxy before it would
        });
        context.SetDefaultTimeout(120_000);
        var window = new PageWindow(context, await context.NewPageAsync(), address, name);
        await window.GoAsync();
        return window;
    }

    private static HttpClient Bearer(Uri address)
    {
        var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        return http;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http)
    {
        using var answer = await http.GetAsync(new Uri("api/v1/map", UriKind.Relative));
        return answer.StatusCode;
    }
}
