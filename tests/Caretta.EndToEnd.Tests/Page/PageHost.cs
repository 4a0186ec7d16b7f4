using System.Runtime.CompilerServices;
using System.Text.Json;
using Caretta.EndToEnd.Tests.Programs;
using Caretta.TestServers;
using Microsoft.Playwright;

namespace Caretta.EndToEnd.Tests.Page;

/// <summary>A real aggregator that somebody reports to, and a browser; each spec opens a window of its own.</summary>
public abstract class PageHost : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-page-").FullName;
    private readonly int _port = FreePort.At("127.0.0.1");
    private readonly int _ingress = FreePort.At("127.0.0.1");
    private ProgramUnderTest? _aggregator;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal Uri Address => new($"http://127.0.0.1:{_port}/");

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Missing is not null)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(120_000); // turns a hang into a failure; no spec measures by it
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
        _aggregator = await ProgramUnderTest.Start(
            "caretta-aggregator", _port, "--security=Off", $"--http-port={_port}", $"--ingress-port={_ingress}", $"--remote-port={FreePort.At("127.0.0.1")}", $"--data-folder={_folder}").Ready();
        await ReportAsync(new Uri($"http://127.0.0.1:{_ingress}"));
    }

    public async ValueTask DisposeAsync()
    {
        await EndReportsAsync();
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_aggregator is not null)
        {
            await _aggregator.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A window with nothing remembered from another, on the map or at an address of it.</summary>
    internal async Task<PageWindow> OpenAsync(string query = "", ColorScheme scheme = ColorScheme.Dark, [CallerMemberName] string name = "")
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
        context.SetDefaultTimeout(120_000);
        var window = new PageWindow(context, await context.NewPageAsync(), Address, name);
        await window.GoAsync(query);
        return window;
    }

    /// <summary>Until the aggregator holds what the first window is to show.</summary>
    protected abstract Task ReportAsync(Uri ingress);

    /// <summary>Also where none have begun.</summary>
    protected abstract Task EndReportsAsync();

    /// <summary>Whoever looks first sees what members last sampled, which may be of the time before; and one under load may say that it has no map yet.</summary>
    protected Task OnTheMapAsync(int links) => Eventually.True(
        async () =>
        {
            using var http = new HttpClient { BaseAddress = Address };
            using var answer = await http.GetAsync(new Uri("api/v1/map", UriKind.Relative));
            return answer.IsSuccessStatusCode && TotalOf(await answer.Content.ReadAsStringAsync()) == links;
        },
        () => "all links on the map");

    private static int TotalOf(string map)
    {
        using var json = JsonDocument.Parse(map);
        return json.RootElement.GetProperty("totals").GetProperty("links").GetInt32();
    }
}
