using Microsoft.Playwright;

namespace Caretta.EndToEnd.Tests.Page;

/// <summary>The distribution's browser, without a screen and without a GPU. Nothing is downloaded.</summary>
internal static class Chromium
{
    private const string Executable = "/usr/bin/chromium";

    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    /// <summary>Null when the specs can run; they must where privileged ones must.</summary>
    public static string? Missing { get; } = File.Exists(Executable) || Environment.GetEnvironmentVariable("CARETTA_REQUIRE_PRIVILEGED") == "1"
        ? null
        : $"needs Debian's chromium ({Executable})";

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Executable, Args = Flags, Timeout = 300_000 }); // turns a hang into a failure
}
