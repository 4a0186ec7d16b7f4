using System.Globalization;
using System.Runtime.CompilerServices;
using Caretta.Demo;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary><c>make demo</c>, once everything is built: all of the shop shows under its names, and Ctrl-C leaves nothing.</summary>
public sealed class DemoSpecs : IDisposable
{
    private readonly string _temporary = Directory.CreateTempSubdirectory("caretta-e2e-").FullName;
    private readonly int _http = ProgramUnderTest.FreePort();

    [PrivilegedFact]
    public async Task The_whole_shop_shows_with_what_fails_in_it_and_an_interrupt_leaves_nothing()
    {
        await using var demo = Start();
        HashSet<string> seen = [];
        await Eventually.True(
            async () => await demo.Scrape() is { } scrape && Conversations().SetEquals(seen = Seen(scrape)),
            () => $"all conversations; missing {string.Join(", ", Conversations().Except(seen))}, besides {string.Join(", ", seen.Except(Conversations()))}\n{demo.Output}");
        await Eventually.True(
            async () => await demo.Scrape() is { } scrape && scrape.All.Any(series =>
                series.Name == "caretta_link_connections_failed_total" && series["server_name"] == "feature-store" && series.Value > 0),
            () => "connections that fail");
        await demo.Says($"http://localhost:{_http}/");
        var pins = Assert.Single(Directory.GetDirectories(_temporary));

        Assert.Equal(0, await demo.Interrupt());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temporary));
        Assert.False(Directory.Exists(Path.Combine("/sys/fs/bpf", Path.GetFileName(pins))));
        Assert.DoesNotContain(NetworkNamespace.All, name => name.StartsWith($"{PodNetwork.Prefix}{demo.Id}-", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    private static HashSet<string> Conversations() =>
    [
        .. Shop.Conversations.Select(one => string.Create(CultureInfo.InvariantCulture, $"{Name(one.Client)} → {Name(one.Server)}:{one.Port}")),
    ];

    /// <summary>An address outside has its group's name.</summary>
    private static string Name(string end) => end switch
    {
        "198.51.100.7" => "external/card-gateway",
        "198.51.100.25" => "external/mail-relay",
        _ when end.StartsWith("203.0.113.", StringComparison.Ordinal) => "external/customers",
        _ => end,
    };

    private static HashSet<string> Seen(Scrape scrape) =>
    [
        .. scrape.All.Where(series => series.Name == "caretta_links_observed").Select(series =>
            $"{series["client_namespace"]}/{series["client_name"]} → {series["server_namespace"]}/{series["server_name"]}:{series["server_port"]}"),
    ];

    private static string Program([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(
        Path.GetDirectoryName(here)!, "..", "..", "Caretta.Demo", "bin", Configuration, "net10.0", "caretta-demo"));

    private static string Configuration => AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    private ProgramUnderTest Start() => ProgramUnderTest.StartScript(
        Program(),
        _http,
        ("TMPDIR", _temporary),
        ("CONFIGURATION", Configuration),
        ("Caretta__Aggregator__HttpPort", $"{_http}"),
        ("Caretta__Aggregator__IngressPort", $"{ProgramUnderTest.FreePort()}"),
        ("Caretta__Aggregator__RemotePort", $"{ProgramUnderTest.FreePort()}"),
        ("Caretta__Node__HttpPort", $"{ProgramUnderTest.FreePort()}"));
}
