using System.Collections.Concurrent;
using Caretta.EndToEnd.Tests.Programs;
using Microsoft.Playwright;

namespace Caretta.EndToEnd.Tests.Page;

/// <summary>One window on the map. Leaves a picture of how the spec left it in TestResults/page.</summary>
internal sealed class PageWindow : IAsyncDisposable
{
    private const int MostStops = 100;

    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly string _name;
    private readonly ConcurrentQueue<string> _complaints = new();

    public PageWindow(IBrowserContext context, IPage page, Uri address, string name)
    {
        (_context, Page, _address, _name) = (context, page, address, name);
        page.Console += (_, message) => Note(message.Type == "error", message.Text);
        page.PageError += (_, error) => Note(true, error);
        page.Request += (_, request) => Note(!request.Url.StartsWith(address.AbsoluteUri, StringComparison.Ordinal), $"asked {request.Url}");
    }

    public IPage Page { get; }

    /// <summary>Errors on the console, and questions to anybody else.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public ILocator Status => Page.Locator(".status-text");

    public ILocator Panel => Page.Locator("aside[aria-label=Details]");

    public ILocator Said => Page.Locator("[aria-live=polite]");

    public ILocator Rows => Page.Locator(".grid tbody tr");

    public ILocator Banner => Page.Locator(".banner");

    public ILocator Map => Page.Locator(".canvas");

    /// <summary>Until the page has its answer.</summary>
    public async Task<IResponse> GoAsync(string query = "")
    {
        var response = await Page.GotoAsync(new Uri(_address, query).AbsoluteUri);
        await Assertions.Expect(Status).ToContainTextAsync("live");
        return response!;
    }

    public ILocator Row(string client, string server) =>
        Rows.Filter(new LocatorFilterOptions { HasText = client }).Filter(new LocatorFilterOptions { HasText = server });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    /// <summary>Tab, at least once, until it is so; no view of a spec has more places to stop at than that.</summary>
    public async Task TabUntilAsync(Func<Task<bool>> isSo)
    {
        for (var stop = 1; stop <= MostStops; stop++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await isSo())
            {
                return;
            }
        }

        Assert.Fail($"Not after {MostStops} times Tab. Said last: {await Said.TextContentAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        var folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ProgramUnderTest.Executable("caretta-aggregator"))!, "..", "..", "..", "..", "TestResults", "page"));
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{_name}.png") });
        await _context.DisposeAsync();
    }

    private void Note(bool wrong, string what)
    {
        if (wrong)
        {
            _complaints.Enqueue(what);
        }
    }
}
