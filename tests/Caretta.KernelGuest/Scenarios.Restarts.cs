using Caretta.Node.Kernel;

namespace Caretta.KernelGuest;

// Connections that are older than the agent, and agents that end and come again.
internal static partial class Scenarios
{
    /// <summary>Connections older than the programs, in a boot in which nothing was counted: from zero, found by a look, by data, or at their close.</summary>
    private static void Older(ProbePath path, Facts facts)
    {
        using var listener = Talk.Listen();
        using var looked = new Talk(listener);
        using var unlooked = new Talk(listener);
        looked.SendToServer(5000);
        unlooked.SendToClient(7000);
        using var table = new Table(path);
        unlooked.SendToServer(11);
        unlooked.Finish();
        facts.Number("enrolled", (ulong)table.Flows.Enrol());
        looked.SendToClient(13);
        looked.Finish();
        Compare(
            facts, table.Poll(Talk.PortOf(listener)), looked.ToServer + unlooked.ToServer, looked.ToClient + unlooked.ToClient, connections: 2);
    }

    /// <summary>The same where something was counted before in this boot: what they had is told as unobserved.</summary>
    private static void Baseline(ProbePath path, Facts facts)
    {
        using var listener = Talk.Listen();
        using var talk = new Talk(listener);
        talk.SendToServer(5000);
        talk.SendToClient(700);
        using var table = new Table(path, options => options with { FreshBoot = false });
        facts.Number("enrolled", (ulong)table.Flows.Enrol());
        talk.SendToServer(40_000);
        talk.SendToClient(90);
        talk.Finish();
        var counters = table.Flows.ReadCounters();
        facts.Pair("unobserved-bytes", 2 * 5700, counters.UnobservedBytes);
        facts.Pair("unobserved-sockets", 2, counters.UnobservedSockets);
        var ends = table.Poll(Talk.PortOf(listener));
        Compare(facts, ends, 40_000, 90, connections: 0, closed: 1); // whoever counted before may have counted its beginning
        facts.Pair("client-past-sent", 40_000, ends.Client.PastSentBytes);
        facts.Pair("server-past-received", 40_000, ends.Server.PastReceivedBytes);
    }

    /// <summary>The agent is killed and starts again; connections begin, move and end meanwhile.</summary>
    private static void Killed(ProbePath path, Facts facts)
    {
        using var table = new Table(path);
        using var listener = Talk.Listen();
        using var through = new Talk(listener);
        using var ended = new Talk(listener);
        through.SendToServer(100_000);
        ended.SendToServer(2000);
        table.Poll(Talk.PortOf(listener));
        table.Kill();
        through.SendToServer(30_000);
        ended.SendToClient(4000);
        ended.Finish();
        using var begun = new Talk(listener);
        begun.SendToServer(123);
        table.Reopen();
        begun.SendToClient(5);
        begun.Finish();
        through.SendToClient(77);
        through.Finish();
        Talk[] all = [through, ended, begun];
        Compare(facts, table.Poll(Talk.PortOf(listener)), Sum(all, talk => talk.ToServer), Sum(all, talk => talk.ToClient), all.Length);
    }

    /// <summary>A clean stop with open connections, and the next start: what they had is carried, what they did meanwhile is counted, nothing twice.</summary>
    private static void Detached(ProbePath path, Facts facts)
    {
        using var listener = Talk.Listen();
        using var talk = new Talk(listener);
        var port = Talk.PortOf(listener);
        IReadOnlyList<SocketAccount> carried;
        Ends before;
        using (var table = new Table(path))
        {
            talk.SendToServer(300_000);
            table.Flows.Enrol();
            Settled(table, port, talk);
            talk.SendToServer(5000);
            carried = table.Flows.Detach();
            before = table.Read(port);
        }

        talk.SendToServer(10_000);
        using var next = new Table(path, options => options with { FreshBoot = false, Carried = carried });
        facts.Number("enrolled", (ulong)next.Flows.Enrol());
        talk.SendToClient(999);
        talk.Finish();
        var after = next.Poll(port);
        facts.Pair("to-server-sent", talk.ToServer, before.Client.SentBytes + after.Client.SentBytes);
        facts.Pair("to-server-received", talk.ToServer, before.Server.ReceivedBytes + after.Server.ReceivedBytes);
        facts.Pair("to-client-sent", talk.ToClient, before.Server.SentBytes + after.Server.SentBytes);
        facts.Pair("to-client-received", talk.ToClient, before.Client.ReceivedBytes + after.Client.ReceivedBytes);
        facts.Pair("opened", 2, before.Client.Opened + before.Server.Opened + after.Client.Opened + after.Server.Opened);
        facts.Number("unobserved-sockets", next.Flows.ReadCounters().UnobservedSockets);
    }
}
