using System.Globalization;
using System.Text.Json;
using Caretta.Benchmarks.Memory;
using Caretta.SimulatedAgents;

namespace Caretta.Benchmarks.Page;

/// <summary>An aggregator that comes to know all links of a large cluster, and agents that report a tenth of them every five seconds.</summary>
internal sealed class LiveCluster : IAsyncDisposable
{
    private const int Agents = 20;
    private const int Links = 50_000;
    private const int Workloads = 5000;
    private const int Namespaces = 100;

    private readonly string _folder;
    private readonly StartedProgram _aggregator;
    private readonly Fleet _fleet;

    private LiveCluster(string folder, StartedProgram aggregator, Fleet fleet, Uri http) => (_folder, _aggregator, _fleet, Http) = (folder, aggregator, fleet, http);

    public static string Description { get; } = string.Create(
        CultureInfo.InvariantCulture, $"{Workloads:N0} workloads in {Namespaces} namespaces, {Links:N0} links, each an edge of its own; one in ten moves every five seconds.");

    public Uri Http { get; }

    public static LiveCluster Start()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("caretta-bench-").FullName;
        var (http, ingress) = (StartedProgram.FreePort(), StartedProgram.FreePort());
        var aggregator = new StartedProgram(
            ("Caretta.Aggregator", "caretta-aggregator"), http, cgroup: null, "--security=Off", Setting("http-port", http), Setting("ingress-port", ingress),
            Setting("remote-port", StartedProgram.FreePort()), $"--data-folder={folder}");
        aggregator.WaitUntilReady();
        var fleet = Fleet.Start(new FleetOptions
        {
            Aggregator = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ingress}"),
            Agents = Agents,
            Links = Links / Agents,
            Changing = Links / Agents / 10,
            Workloads = Workloads,
            Namespaces = Namespaces,
        });
        return new LiveCluster(folder, aggregator, fleet, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{http}/")));
    }

    public void WaitUntilWhole() => _aggregator.WaitUntil("knows all links", IsWhole);

    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        _aggregator.Dispose();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    /// <summary>One under load may also say that it has no map yet.</summary>
    private bool IsWhole()
    {
        using var http = new HttpClient();
        using var answer = http.GetAsync(new Uri(Http, "api/v1/map")).GetAwaiter().GetResult();
        if (!answer.IsSuccessStatusCode)
        {
            return false;
        }

        using var map = JsonDocument.Parse(answer.Content.ReadAsStringAsync().GetAwaiter().GetResult());
        return map.RootElement.GetProperty("totals").GetProperty("links").GetInt32() == Links;
    }

    private static string Setting(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"--{name}={value}");
}
