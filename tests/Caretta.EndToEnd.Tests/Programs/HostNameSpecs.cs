using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>What a link's ends are called on a host without an orchestrator.</summary>
public sealed class HostNameSpecs
{
    [PrivilegedFact]
    public async Task A_process_is_called_by_its_name_and_both_ends_of_a_local_connection_are()
    {
        await using var host = new OneHost();
        await host.StartBoth();
        using var listener = new TcpListener(IPAddress.Loopback, Ports.Next());
        listener.Start();
        Dial(listener, "exec -a anything bash -c");

        var me = Process.GetCurrentProcess().ProcessName[..15]; // as much as the kernel keeps
        await Shows(host, listener, ("client_kind", "process"), ("client_name", "bash"), ("server_kind", "process"), ("server_name", me));
    }

    [PrivilegedFact]
    public async Task A_systemd_unit_is_called_by_its_own()
    {
        Assert.SkipWhen(CgroupTree.Root is null, "needs cgroups of version 2");
        var unit = $"caretta-e2e-{Guid.NewGuid():N}.service";
        var cgroup = Path.Combine(CgroupTree.Root, unit);
        Directory.CreateDirectory(cgroup);
        try
        {
            await using var host = new OneHost();
            await host.StartBoth();
            using var listener = new TcpListener(IPAddress.Loopback, Ports.Next());
            listener.Start();
            Dial(listener, $"echo $$ > {cgroup}/cgroup.procs; exec bash -c");

            await Shows(host, listener, ("client_kind", "unit"), ("client_name", unit));
        }
        finally
        {
            Directory.Delete(cgroup);
        }
    }

    /// <summary>A process of another name dials, sends four bytes, and ends.</summary>
    private static void Dial(TcpListener listener, string how)
    {
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Command.Run("bash", "-c", $"{how} 'exec 3<>/dev/tcp/127.0.0.1/{port}; printf four >&3'");
        using var server = listener.AcceptTcpClient();
        Assert.Equal("four", new StreamReader(server.GetStream()).ReadToEnd());
    }

    private static Task Shows(OneHost host, TcpListener listener, params (string Label, string Value)[] labels)
    {
        (string, string)[] link = [("server_port", $"{((IPEndPoint)listener.LocalEndpoint).Port}"), ("role", "1"), .. labels];
        return Eventually.True(
            async () => await host.Aggregator.Scrape() is { } scrape && scrape.Sum("caretta_links_observed", link) == 4,
            () => $"four bytes of {string.Join(", ", link)}; the agent said:\n{host.Node.Output}");
    }
}
