using System.Net;
using System.Net.Sockets;

namespace Caretta.EndToEnd.Tests.Hosts;

public sealed class HiddenChangesSpecs(ITestOutputHelper output)
{
    [PrivilegedFact]
    public void Changes_while_the_process_is_current_are_seen()
    {
        using var seen = new HiddenChanges(Environment.ProcessId);
        var before = seen.Count;
        Listen();

        Assert.True(seen.Count > before);
    }

    [PrivilegedFact]
    public void So_are_those_of_a_thread_begun_later()
    {
        using var seen = new HiddenChanges(Environment.ProcessId);
        var before = seen.Count;
        var thread = new Thread(Listen);
        thread.Start();
        thread.Join();

        Assert.True(seen.Count > before);
    }

    [PrivilegedFact]
    public void Those_of_a_process_it_began_are_not()
    {
        using var seen = new HiddenChanges(Environment.ProcessId);
        Command.Run("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/1 || true");

        Assert.Equal(0, seen.Count);
    }

    [PrivilegedFact]
    public async Task What_fails_while_nothing_was_hidden_fails()
    {
        var runs = 0;
        await Assert.ThrowsAsync<InvalidOperationException>(() => HiddenChanges.Excluded(output, () => throw new InvalidOperationException($"{++runs}")));
        Assert.InRange(runs, 1, 5); // once, unless something was hidden just then
    }

    private static void Listen()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
    }
}
