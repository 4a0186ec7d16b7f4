using System.Net;
using System.Net.Sockets;
using Caretta.SimulatedAgents;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.SimulatedAgents;

/// <summary>Simulated agents against the real aggregator: what one says it counted is what the other exports.</summary>
public class FleetSpecs
{
    [Fact]
    public async Task What_many_agents_counted_is_exported_exactly_though_they_misbehave_and_the_aggregator_is_killed()
    {
        using var folder = new TempFolder();

        // Bound and never listening: nobody else gets the port while there is no aggregator.
        using var reservation = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reservation.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        reservation.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)reservation.LocalEndPoint!).Port;
        var first = await AggregatorProcess.StartAsync(folder.Path, $"--ingress-port={port}");
        var options = new FleetOptions
        {
            Aggregator = $"{first.Ingress}",
            Agents = 20,
            Links = 100,
            Changing = 40,
            Shared = 20,
            PollInterval = TimeSpan.FromMilliseconds(50),
            Polls = 40,
            Seed = 4711,
            Mischief = 0.05,
            MaxReportsPerBatch = 2,
        };
        await using var fleet = Fleet.Start(options);
        while (fleet.BatchesAcked < 500)
        {
            await Task.Yield();
        }

        await first.KillAsync();
        await first.DisposeAsync();
        await using var second = await AggregatorProcess.StartAsync(folder.Path, $"--ingress-port={port}");
        var truth = await fleet.SettledAsync(TestContext.Current.CancellationToken);

        Assert.Equal((20 * 80) + 20, truth.Links.Count);
        Assert.Equal((800, 20), (truth.Polls, truth.Incarnations));
        Assert.True(truth is { BatchesResent: > 0, ConnectFailures: > 0, Restarts: > 0 }, $"{truth with { Links = new Dictionary<string, LinkTruth>() }}");
        var page = await second.ScrapeUntilObservedAsync(truth.Links.ToDictionary(link => link.Key, link => (double)link.Value.Sent));
        Assert.Equal(0, Assert.Single(page.Of("caretta_aggregator_reports_contradicting_total")).Value);
    }

    [Fact]
    public void The_same_seed_counts_the_same_and_another_one_does_not()
    {
        var options = new FleetOptions { Links = 10, Changing = 5, Seed = 1 };
        Assert.Equal(Count(options), Count(options));
        Assert.NotEqual(Count(options), Count(new FleetOptions { Links = 10, Changing = 5, Seed = 2 }));
    }

    [Fact]
    public void A_crowd_has_as_many_workloads_namespaces_and_links_as_it_is_said_to()
    {
        var options = new FleetOptions { Agents = 10, Links = 5000, Changing = 5000, Workloads = 5000, Namespaces = 100 };
        var links = Enumerable.Range(0, options.Agents).SelectMany(agent => new AgentLinks(options, agent).Poll()).Select(report => report.Link).ToList();
        var workloads = links.SelectMany(link => new[] { link.Client, link.Server }).ToHashSet();

        Assert.Equal(50_000, links.DistinctBy(link => link.Id).Count());
        Assert.Equal(5000, workloads.Count);
        Assert.Equal(100, workloads.Select(workload => workload.Namespace).Distinct().Count());
        Assert.DoesNotContain(links, link => link.Client == link.Server);
    }

    [Fact]
    public void The_truth_is_one_line_that_can_be_read_back()
    {
        var truth = new FleetTruth(
            new Dictionary<string, LinkTruth> { ["17"] = new(ulong.MaxValue, 2, 3, 4) }, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0.5, 0.25);
        var json = truth.ToJson();
        Assert.DoesNotContain('\n', json);
        Assert.Equal(truth.Links, FleetTruth.Parse(json).Links);
        Assert.Equal(truth with { Links = truth.Links }, FleetTruth.Parse(json) with { Links = truth.Links });
    }

    private static string Count(FleetOptions options)
    {
        var links = new AgentLinks(options, agent: 3);
        for (var poll = 0; poll < 5; poll++)
        {
            links.Poll();
        }

        return string.Join('\n', links.All);
    }
}
