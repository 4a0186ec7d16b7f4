using System.Net;
using System.Net.Sockets;

namespace Caretta.EndToEnd.Tests.Hosts;

public sealed class HiddenChangesSpecs(ITestOutputHelper output)
{
    private const string Dial = "exec 3<>/dev/tcp/127.0.0.1/1";

    [PrivilegedFact]
    public void Changes_while_the_process_is_current_are_seen_and_not_those_of_what_it_starts()
    {
        // What is evaluated are the orders below and nothing else: the shell must do them itself, in the process that is watched.
        using var shell = new HeldProcess(["bash", "-c", "echo ready; while read -r order; do eval \"$order\" 2>/dev/null || true; echo obeyed; done"]);
        using var changes = new HiddenChanges((int)shell.Id);
        shell.Obey($"({Dial})"); // in a process of its own
        Assert.Equal(0, changes.Count);

        shell.Obey(Dial);
        Assert.True(changes.Count > 0);
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
