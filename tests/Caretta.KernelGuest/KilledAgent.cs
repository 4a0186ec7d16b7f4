using System.Diagnostics;
using System.Net.Sockets;
using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Ledger;

namespace Caretta.KernelGuest;

/// <summary>The agent is killed and started again. What its ledger has of connections before and after that, in between, and through it all.</summary>
internal sealed class KilledAgent(ProbePath path)
{
    private const int Connections = 10;

    private readonly string _folder = $"/tmp/killed-{path}";
    private readonly Facts _facts = new("killed-agent", path);

    public Facts Run()
    {
        using TcpListener seen = Talk.Listen(), between = Talk.Listen(), through = Talk.Listen();
        Talk talk;
        Moved moved;
        using (var agent = new Agent(_folder, path))
        {
            talk = new Talk(through);
            talk.SendToServer(50_000);
            talk.SendToClient(7000);
            moved = Move(seen);
            agent.Until(() => Both(seen).Closed == 2 * Connections && Both(through).Opened == 2);
            agent.Kill();
        }

        var killed = Stopwatch.GetTimestamp();
        var before = Both(through);
        var unseen = Move(between);
        talk.SendToServer(30_000);
        _facts.Number("gap-milliseconds", (ulong)Stopwatch.GetElapsedTime(killed).TotalMilliseconds);

        using (var agent = new Agent(_folder, path))
        {
            talk.SendToClient(4000);
            talk.SendToServer(500);
            talk.Finish();
            moved += Move(seen);
            agent.Until(() => Both(seen).Closed == 4 * Connections && Both(through).Closed == 2);
            // The poll whose links the ledger has shows its counters a moment later: before the next one begins.
            var polls = Agent.Counter("caretta_node_polls_total");
            agent.Until(() => Agent.Counter("caretta_node_polls_total") > polls);
            var unobserved = (ulong)Agent.Counter("caretta_node_unobserved_bytes_total");
            _facts.Number("unobserved-milliseconds", (ulong)(Agent.Counter("caretta_node_unobserved_seconds_total") * 1000));
            _facts.Number("unobserved-sockets", (ulong)Agent.Counter("caretta_node_unobserved_sockets_total"));
            _facts.Number("unobserved-bytes", unobserved);
            agent.Stop();
            var after = Both(through) - before;
            _facts.Pair("through-and-after", (2 * (talk.ToServer + talk.ToClient)) - (path == ProbePath.Plain ? unobserved : Sum(before)), Sum(after));
            _facts.Pair("through-opened", 2, Both(through).Opened);
            _facts.Pair("through-closed", 2, Both(through).Closed);
        }

        Compare("seen", moved, seen);
        _facts.Number("between-moved", 2 * (unseen.ToServer + unseen.ToClient));
        _facts.Number("between-counted", Sum(Both(between)));
        _facts.Number("between-opened", Both(between).Opened);
        return _facts;
    }

    private static Moved Move(TcpListener listener)
    {
        var moved = default(Moved);
        for (var i = 0; i < Connections; i++)
        {
            using var talk = new Talk(listener);
            talk.SendToServer(1000 + i);
            talk.SendToClient(30_000 + i);
            talk.Finish();
            moved += new Moved(talk.ToServer, talk.ToClient);
        }

        return moved;
    }

    private static ulong Sum(LinkTotals totals) => totals.SentBytes + totals.ReceivedBytes;

    private void Compare(string name, Moved moved, TcpListener listener)
    {
        var (client, server) = (Of(listener, Role.Client), Of(listener, Role.Server));
        _facts.Pair($"{name}-client-sent", moved.ToServer, client.SentBytes);
        _facts.Pair($"{name}-client-received", moved.ToClient, client.ReceivedBytes);
        _facts.Pair($"{name}-server-sent", moved.ToClient, server.SentBytes);
        _facts.Pair($"{name}-server-received", moved.ToServer, server.ReceivedBytes);
        _facts.Pair($"{name}-opened", 4 * Connections, client.Opened + server.Opened);
        _facts.Pair($"{name}-closed", 4 * Connections, client.Closed + server.Closed);
    }

    private LinkTotals Both(TcpListener listener) => Of(listener, Role.Client) + Of(listener, Role.Server);

    private LinkTotals Of(TcpListener listener, Role role) => LedgerFile.ReadAll(_folder).Links
        .Where(link => link.Link.ServerPort == Talk.PortOf(listener) && link.Link.Role == role)
        .Aggregate(default(LinkTotals), (sum, link) => sum + link.Totals);

    private readonly record struct Moved(ulong ToServer, ulong ToClient)
    {
        public static Moved operator +(Moved a, Moved b) => new(a.ToServer + b.ToServer, a.ToClient + b.ToClient);
    }
}
