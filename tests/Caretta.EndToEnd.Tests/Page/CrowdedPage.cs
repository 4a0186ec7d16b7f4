using Caretta.SimulatedAgents;

namespace Caretta.EndToEnd.Tests.Page;

/// <summary>Agents have reported, each once, a cluster of 5,000 workloads in 100 namespaces with 50,000 links, and are silent since: all numbers stay.</summary>
public sealed class CrowdedPage : PageHost
{
    public const int Links = 50_000;

    private readonly FleetOptions _crowd = new()
    {
        Agents = 10,
        Links = Links / 10,
        Changing = Links / 10,
        Polls = 1,
        PollInterval = TimeSpan.FromSeconds(1),
        Workloads = 5000,
        Namespaces = 100,
    };

    private Fleet? _fleet;

    /// <summary>What was counted.</summary>
    internal IReadOnlyList<(Messages.NetworkLink Link, LinkTruth Truth)> Truth { get; private set; } = null!;

    protected override async Task ReportAsync(Uri ingress)
    {
        _crowd.Aggregator = ingress.ToString();
        _fleet = Fleet.Start(_crowd);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var truth = (await _fleet.SettledAsync(patience.Token)).Links;
        Truth = [.. Enumerable.Range(0, Links).Select(number => CrowdLinks.Name(_crowd, number)).Select(link => (link, truth[$"{link.Id}"]))];

        await OnTheMapAsync(Links);
    }

    protected override async Task EndReportsAsync()
    {
        if (_fleet is not null)
        {
            await _fleet.DisposeAsync();
        }
    }
}
