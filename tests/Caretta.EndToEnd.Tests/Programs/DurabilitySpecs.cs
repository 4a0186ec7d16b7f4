using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>Real traffic, real kernel, real processes: what the applications sent is what the aggregator exports.</summary>
public sealed class DurabilitySpecs(ITestOutputHelper output)
{
    [PrivilegedFact]
    public Task Exported_totals_equal_what_the_applications_sent() => HiddenChanges.Excluded(output, async () =>
    {
        await using var host = new OneHost();
        using var traffic = new Traffic(1);
        await host.StartBoth();

        for (var i = 0; i < 200; i++)
        {
            traffic.ShortConnection();
            traffic.LongConnection();
        }

        await host.Settles(traffic);
        traffic.CloseLongConnection();
        await host.Settles(traffic);
    });

    [PrivilegedFact]
    public async Task A_connection_that_stays_open_across_a_clean_stop_and_a_start_loses_nothing()
    {
        await using var host = new OneHost();
        using var traffic = new Traffic(2);
        await host.StartBoth("--Caretta:Node:DetachOnStop=true");
        traffic.LongConnection();
        await host.Settles(traffic);

        Assert.Equal(0, await host.Node.Stop());
        Assert.False(Directory.Exists(host.PinFolder) && Directory.EnumerateFileSystemEntries(host.PinFolder).Any());
        traffic.LongConnection(); // nobody looks, but the socket remembers
        host.StartNode("--Caretta:Node:DetachOnStop=true");
        traffic.LongConnection();
        await host.Settles(traffic);
    }

    [PrivilegedFact]
    public async Task A_connection_that_stays_open_across_unload_and_start_loses_nothing()
    {
        await using var host = new OneHost();
        using var traffic = new Traffic(3);
        await host.StartBoth();
        traffic.LongConnection();
        await host.Settles(traffic);

        await host.Node.Kill();
        traffic.LongConnection();
        var (exitCode, output) = await host.RunNode("unload");
        Assert.True(exitCode == 0, output);
        Assert.False(Directory.Exists(host.PinFolder) && Directory.EnumerateFileSystemEntries(host.PinFolder).Any());
        traffic.LongConnection();
        host.StartNode();
        traffic.LongConnection();
        await host.Settles(traffic);
        traffic.CloseLongConnection();
        await host.Settles(traffic);
    }

    [PrivilegedFact]
    public async Task Traffic_while_no_agent_runs_is_counted_by_the_pinned_programs()
    {
        await using var host = new OneHost();
        using var traffic = new Traffic(4);
        await host.StartBoth();
        traffic.LongConnection();
        await host.Node.Kill();

        for (var i = 0; i < 100; i++)
        {
            traffic.ShortConnection();
            traffic.LongConnection();
        }

        host.StartNode();
        await host.Settles(traffic);
    }

    [PrivilegedFact]
    public async Task The_agent_counts_on_and_says_so_while_the_aggregator_is_away()
    {
        await using var host = new OneHost();
        using var traffic = new Traffic(5);
        host.StartNode();
        await host.Node.Ready();
        traffic.ShortConnection();
        await Eventually.True(
            () => Task.FromResult(host.Node.Output.Contains("unreachable", StringComparison.OrdinalIgnoreCase)),
            () => $"a word about the aggregator; the agent said:\n{host.Node.Output}");

        host.StartAggregator();
        await host.Settles(traffic);
    }

    [PrivilegedFact]
    public async Task Totals_are_back_before_any_agent_has_spoken()
    {
        await using var host = new OneHost();
        using var traffic = new Traffic(6);
        await host.StartBoth();
        traffic.ShortConnection();
        await host.Settles(traffic);

        await host.Node.Kill();
        await host.Aggregator.Kill();
        await host.StartAggregator().Ready();
        Assert.Equal(traffic.Truth, await host.Exported(traffic.Port));
    }
}
