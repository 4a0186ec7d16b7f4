using System.Diagnostics;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>Each row of the table "what survived?": what is exact, what is lost and counted, and that nothing is ever counted twice.</summary>
public sealed class SurvivalSpecs
{
    [PrivilegedFact]
    public async Task After_a_reboot_the_totals_continue_with_the_new_boots_traffic()
    {
        await using var host = new OneHost();
        using var traffic = new Traffic(11);
        await host.StartBoth("--Caretta:Node:BootId=11111111-1111-1111-1111-111111111111");
        traffic.ShortConnection();
        await host.Settles(traffic);

        await host.Node.Kill();
        await LosePins(host);
        Directory.Delete(host.RunFolder, recursive: true); // memory only, as /run is
        host.StartNode("--Caretta:Node:BootId=22222222-2222-2222-2222-222222222222");
        await host.Node.Ready();
        traffic.ShortConnection();
        await host.Settles(traffic);
    }

    [PrivilegedFact]
    public async Task With_the_pins_lost_only_what_nobody_watched_is_missing_and_it_says_for_how_long()
    {
        await using var host = new OneHost();
        using var traffic = new Traffic(12);
        using var unseen = new Traffic(13);
        await host.StartBoth();
        traffic.ShortConnection();
        await host.Settles(traffic);

        await host.Node.Kill();
        await LosePins(host);
        unseen.ShortConnection();
        host.StartNode();
        await host.Node.Ready();
        traffic.ShortConnection();
        await host.Settles(traffic);

        Assert.Equal(new Ends(0, 0, 0, 0, 0, 0), await host.Exported(unseen.Port));
        Assert.True(await host.NodeCounter("caretta_node_unobserved_seconds_total") > 0);
    }

    [PrivilegedFact]
    public async Task A_lost_ledger_begins_a_new_incarnation_and_counts_nothing_twice()
    {
        await using var host = new OneHost();
        using var before = new Traffic(14);
        using var after = new Traffic(15);
        await host.StartBoth();
        before.ShortConnection();
        await host.Settles(before);

        await host.Node.Kill();
        Directory.Delete(host.NodeFolder, recursive: true);
        host.StartNode();
        await host.Node.Ready();
        after.ShortConnection();
        await host.Settles(after);

        Assert.Equal(before.Truth, await host.Exported(before.Port));
        Assert.True(await host.NodeCounter("caretta_node_loss_events_total") >= 1);
    }

    [PrivilegedFact]
    public async Task A_ledger_rolled_back_is_noticed_by_the_aggregator_and_counts_nothing_twice()
    {
        await using var host = new OneHost();
        using var before = new Traffic(16);
        using var after = new Traffic(17);
        await host.StartBoth();
        before.ShortConnection();
        await host.Settles(before);
        await host.Node.Kill();
        var backup = host.NodeFolder + ".backup";
        await Copy(host.NodeFolder, backup);

        host.StartNode();
        await host.Node.Ready();
        before.ShortConnection();
        await host.Settles(before);
        await host.Node.Kill();
        Directory.Delete(host.NodeFolder, recursive: true);
        Directory.Move(backup, host.NodeFolder);

        host.StartNode();
        await Eventually.True(
            async () => await host.NodeCounter("caretta_node_loss_events_total") >= 1,
            () => $"a loss event; the agent said:\n{host.Node.Output}");
        after.ShortConnection();
        await host.Settles(after);
        Assert.Equal(before.Truth, await host.Exported(before.Port));
    }

    [PrivilegedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_earlier_ledger_put_back_counts_nothing_that_a_newer_one_counted(bool detaching)
    {
        var detach = detaching ? "true" : "false";
        await using var host = new OneHost();
        using var before = new Traffic(20);
        using var meanwhile = new Traffic(21);
        using var after = new Traffic(22);
        await host.StartBoth($"--Caretta:Node:DetachOnStop={detach}");
        before.ShortConnection();
        await host.Settles(before);
        await host.Node.Stop();
        var earlier = host.NodeFolder + ".earlier";
        Directory.Move(host.NodeFolder, earlier);

        host.StartNode($"--Caretta:Node:DetachOnStop={detach}");
        await host.Node.Ready();
        meanwhile.ShortConnection();
        await host.Settles(meanwhile);
        await host.Node.Stop();
        Directory.Delete(host.NodeFolder, recursive: true);
        Directory.Move(earlier, host.NodeFolder);

        host.StartNode($"--Caretta:Node:DetachOnStop={detach}");
        await Eventually.True(
            async () => await host.NodeCounter("caretta_node_loss_events_total") >= 1,
            () => $"a loss event; the agent said:\n{host.Node.Output}");
        after.ShortConnection();
        await host.Settles(after);
        Assert.Equal((before.Truth, meanwhile.Truth), (await host.Exported(before.Port), await host.Exported(meanwhile.Port)));
    }

    [PrivilegedFact]
    public async Task A_ledger_cloned_to_another_host_adds_nothing_to_the_first_ones_links()
    {
        await using var host = new OneHost();
        using var traffic = new Traffic(18);
        await host.StartBoth();
        traffic.ShortConnection();
        await host.Settles(traffic);

        await host.Node.Kill();
        var clone = host.NodeFolder + "-clone";
        await Copy(host.NodeFolder, clone);
        host.StartNode();
        await host.Node.Ready();
        await using var other = host.StartSecondNode(
            $"--Caretta:Node:DataFolder={clone}",
            $"--Caretta:Node:PinFolder={host.PinFolder}-clone",
            $"--Caretta:Node:RunFolder={host.RunFolder}-clone",
            "--Caretta:Node:NodeName=another-host",
            "--Caretta:Node:DetachOnStop=true");
        await other.Ready();
        await host.Settles(traffic);
        Assert.Equal(0, await other.Stop());
        await host.Settles(traffic);
    }

    [PrivilegedFact]
    public async Task A_second_agent_on_the_same_host_is_refused_and_told_why()
    {
        await using var host = new OneHost();
        await host.StartBoth();
        await using var second = host.StartSecondNode($"--Caretta:Node:DataFolder={host.NodeFolder}-second");

        Assert.NotEqual(0, await second.Ended());
        Assert.Contains(host.PinFolder, second.Output, StringComparison.Ordinal);
        Assert.True(host.Node.IsRunning);
    }

    private static Task LosePins(OneHost host) => Run("rm", "-rf", host.PinFolder);

    private static Task Copy(string from, string to) => Run("cp", "-a", from, to);

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
