using System.Runtime.CompilerServices;
using Caretta.EndToEnd.Tests.Programs;
using Microsoft.Playwright;

namespace Caretta.EndToEnd.Tests.Page;

/// <summary>A real aggregator, an agent that reports the shop's traffic every second, and a browser; each spec opens a window of its own.</summary>
public sealed class ServedPage : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caretta-page-").FullName;
    private readonly int _port = ProgramUnderTest.FreePort();
    private readonly int _ingress = ProgramUnderTest.FreePort();
    private ProgramUnderTest? _aggregator;
    private IPlaywright? _playwright;
    private readonly CancellationTokenSource _closing = new();
    private Task _talk = Task.CompletedTask;

    internal Uri Address => new($"http://127.0.0.1:{_port}/");

    internal ShopAgent Agent { get; private set; } = null!;

    internal IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Missing is not null)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(120_000); // turns a hang into a failure; no spec measures by it
        _playwright = await Playwright.CreateAsync();
        Browser = await Chromium.LaunchAsync(_playwright);
        _aggregator = await ProgramUnderTest.Start(
            "caretta-aggregator", _port, "--security=Off", $"--http-port={_port}", $"--ingress-port={_ingress}", $"--remote-port={ProgramUnderTest.FreePort()}", $"--data-folder={_folder}").Ready();
        Agent = await ShopAgent.OpenAsync(new Uri($"http://127.0.0.1:{_ingress}"), "node-1");
        await Agent.ReportAsync(Shop.Archive());
        await Agent.ReportAsync(Shop.After(1));
        _talk = TalkAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _talk;
        _closing.Dispose();
        if (Agent is not null)
        {
            await Agent.DisposeAsync();
        }

        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_aggregator is not null)
        {
            await _aggregator.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A window with nothing remembered from another, on the map or at an address of it.</summary>
    internal async Task<PageWindow> OpenAsync(string query = "", ColorScheme scheme = ColorScheme.Dark, [CallerMemberName] string name = "")
    {
        var context = await Browser.NewContextAsync(new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
        context.SetDefaultTimeout(120_000);
        var window = new PageWindow(context, await context.NewPageAsync(), Address, name);
        await window.GoAsync(query);
        return window;
    }

    private async Task TalkAsync()
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            for (var round = 2; await second.WaitForNextTickAsync(_closing.Token); round++)
            {
                await Agent.ReportAsync(Shop.After(round));
            }
        }
        catch (OperationCanceledException)
        {
            // The last spec has ended.
        }
    }
}
