using System.Diagnostics;
using System.Net.Sockets;
using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.KernelGuest;

/// <summary>What is done inside a machine, and what was counted of it. Nothing is judged here.</summary>
internal static partial class Scenarios
{
    private const int LongTransfer = 8 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static void Run(string name, ProbePath path, Facts facts)
    {
        Action<ProbePath, Facts> scenario = name switch
        {
            "short" => (way, found) => Short(way, found, v6: false),
            "short-v6" => (way, found) => Short(way, found, v6: true),
            "failed" => Failed,
            "live" => Live,
            "live-sender" => LiveSender,
            "churn" => Churn,
            "older" => Older,
            "baseline" => Baseline,
            "killed" => Killed,
            "detached" => Detached,
            "full" => Full,
            "names" => Names,
            "forgotten" => Forgotten,
            "evicted" => Evicted,
            "namespace" => Namespace,
            _ => throw new ArgumentException($"There is no scenario {name}."),
        };
        scenario(path, facts);
    }

    private static void Short(ProbePath path, Facts facts, bool v6)
    {
        using var table = new Table(path);
        using var listener = Talk.Listen(v6);
        ulong toServer = 0, toClient = 0;
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            using var talk = new Talk(listener, reset: i % 3 == 0);
            talk.SendToServer(random.Next(1, 100_000));
            talk.SendToClient(random.Next(1, 100_000));
            (toServer, toClient) = (toServer + talk.ToServer, toClient + talk.ToClient);
            if (i % 3 == 1)
            {
                talk.Finish();
            }
        }

        Compare(facts, table.Poll(Talk.PortOf(listener)), toServer, toClient, 60);
    }

    /// <summary>Nobody listens.</summary>
    private static void Failed(ProbePath path, Facts facts)
    {
        using var table = new Table(path);
        using var listener = Talk.Listen();
        var at = listener.LocalEndpoint;
        listener.Stop();
        for (var i = 0; i < 5; i++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(at);
            }
            catch (SocketException)
            {
            }
        }

        var ends = table.Poll(((System.Net.IPEndPoint)at).Port);
        facts.Pair("failed", 5, ends.Client.Failed);
        facts.Number("opened", ends.Client.Opened);
    }

    /// <summary>A connection that stays open: polls catch up with it once it rests, and never run ahead.</summary>
    private static void Live(ProbePath path, Facts facts)
    {
        using var table = new Table(path);
        using var listener = Talk.Listen();
        using var talk = new Talk(listener);
        var port = Talk.PortOf(listener);
        ulong ahead = 0, backwards = 0;
        var before = default(LinkTotals);
        for (var i = 0; i < 50; i++)
        {
            talk.SendToServer(LongTransfer / 50);
            talk.SendToClient(1000);
            var now = table.Poll(port).Server;
            ahead += now.ReceivedBytes > talk.ToServer || now.SentBytes > talk.ToClient ? 1UL : 0;
            backwards += now.Opened < before.Opened ? 1UL : 0;
            before = LinkTotals.Max(before, now);
        }

        var ends = Settled(table, port, talk);
        facts.Number("ahead", ahead);
        facts.Number("opened-backwards", backwards);
        facts.Number("live-flows", (ulong)ends.Flows.Count(flow => flow.Live));
        facts.Number("established", (ulong)ends.Flows.Sum(flow => flow.Levels.ActiveConnections));
        Compare(facts, ends, talk.ToServer, talk.ToClient, connections: 1, closed: 0, "open-");
        talk.Finish();
        Compare(facts, table.Poll(port), talk.ToServer, talk.ToClient, 1);
    }

    /// <summary>One end only sends and the other never answers.</summary>
    private static void LiveSender(ProbePath path, Facts facts)
    {
        using var table = new Table(path);
        using var listener = Talk.Listen();
        using var talk = new Talk(listener);
        talk.SendToServer(LongTransfer);
        Compare(facts, Settled(table, Talk.PortOf(listener), talk), talk.ToServer, talk.ToClient, connections: 1, closed: 0, "open-");
        talk.Finish();
        Compare(facts, table.Poll(Talk.PortOf(listener)), talk.ToServer, talk.ToClient, 1);
    }

    /// <summary>Connections come and go, at addresses that were others' before, while folds run in a tight loop.</summary>
    private static void Churn(ProbePath path, Facts facts)
    {
        const int connections = 3000;
        using var table = new Table(path);
        using var listener = Talk.Listen();
        using var stop = new CancellationTokenSource();
        ulong folds = 0;
        var folding = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                table.Flows.Fold();
                folds++;
            }
        });
        folding.Start();
        ulong toServer = 0, toClient = 0;
        var random = new Random(1);
        for (var i = 0; i < connections; i++)
        {
            using var talk = new Talk(listener, reset: i % 2 == 0);
            talk.SendToServer(random.Next(1, 2000));
            talk.SendToClient(random.Next(1, 2000));
            (toServer, toClient) = (toServer + talk.ToServer, toClient + talk.ToClient);
            if (i % 2 == 1)
            {
                talk.Finish();
            }
        }

        stop.Cancel();
        folding.Join();
        facts.Number("folds", folds);
        facts.Number("unseen-ends", table.Flows.ReadCounters().UnseenEnds);
        Compare(facts, table.Poll(Talk.PortOf(listener)), toServer, toClient, connections);
    }

    /// <summary>More connections than the sockets' table has room for: the coarse flow has their bytes when they close.</summary>
    private static void Full(ProbePath path, Facts facts)
    {
        using var table = new Table(path, options => options with { MaxSockets = 16 });
        using var listener = Talk.Listen();
        var talks = Enumerable.Range(0, 20).Select(_ => new Talk(listener)).ToList();
        foreach (var talk in talks)
        {
            talk.SendToServer(1000);
            talk.SendToClient(10);
        }

        // The last first: those that found no room, while there is still none.
        foreach (var talk in talks.AsEnumerable().Reverse())
        {
            talk.Finish();
        }

        var counters = table.Flows.ReadCounters();
        facts.Number("without-account", counters.StorageFailed);
        facts.Number("overflowed", counters.Overflowed);
        facts.Number("lost-bytes", counters.LostBytes);
        var ends = table.Poll(Talk.PortOf(listener));
        facts.Number("coarse-flows", (ulong)ends.Flows.Count(flow => flow.Key.IsOverflow));
        Compare(facts, ends, 20_000, 200, 20);
    }

    /// <summary>Flows told apart by process, both ends.</summary>
    private static void Names(ProbePath path, Facts facts)
    {
        using var older = Talk.Listen();
        using var table = new Table(path, options => options with { ByProcess = true });
        table.Flows.Enrol();
        using var younger = Talk.Listen();
        foreach (var listener in new[] { older, younger })
        {
            using var talk = new Talk(listener);
            talk.SendToServer(100);
            talk.Finish();
        }

        var own = File.ReadAllText("/proc/self/comm").Trim();
        Flows(older, "older");
        Flows(younger, "younger");

        void Flows(TcpListener listener, string which)
        {
            var flows = table.Poll(Talk.PortOf(listener)).Flows;
            facts.Pair($"{which}-named", 2, (ulong)flows.Count(flow => flow.Key.Comm == own));
        }
    }

    /// <summary>Accounts of closed connections do not stay: far more connections than there is room for, one after the other.</summary>
    private static void Forgotten(ProbePath path, Facts facts)
    {
        const int rounds = 8, perRound = 40;
        using var table = new Table(path, options => options with { MaxSockets = 100 });
        using var listener = Talk.Listen();
        for (var round = 0; round < rounds; round++)
        {
            var talks = Enumerable.Range(0, perRound).Select(_ => new Talk(listener)).ToList();
            talks.ForEach(talk => talk.SendToServer(100));
            talks.ForEach(talk => talk.Finish());
        }

        facts.Number("without-account", table.Flows.ReadCounters().StorageFailed);
        facts.Number("unseen-ends", table.Flows.ReadCounters().UnseenEnds);
        Compare(facts, table.Poll(Talk.PortOf(listener)), rounds * perRound * 100, 0, rounds * perRound);
    }

    /// <summary>A flow is retired and deleted; what comes meanwhile and after goes to its other slot. The agent is killed in between, where that may be.</summary>
    private static void Evicted(ProbePath path, Facts facts)
    {
        using var table = new Table(path);
        using var listener = Talk.Listen();
        var port = Talk.PortOf(listener);
        SendAndClose(1000);
        var keys = table.Poll(port).Flows.Select(flow => flow.Key).ToList();
        table.Flows.Retire(keys);
        SendAndClose(200);
        if (path != ProbePath.Plain)
        {
            table.Kill();
            table.Reopen();
        }

        SendAndClose(30);
        var retiring = table.Poll(port);
        facts.Number("retiring", (ulong)retiring.Flows.Count(flow => flow.Retiring && keys.Contains(flow.Key)));
        facts.Pair("retired", 2000, Sum(retiring.Flows.Where(flow => keys.Contains(flow.Key)), flow => flow.Totals.SentBytes + flow.Totals.ReceivedBytes));
        facts.Pair("while-retiring", 1230, retiring.Client.SentBytes);
        table.Flows.Delete(keys);
        SendAndClose(4);
        var after = table.Poll(port);
        facts.Pair("after", 234, after.Client.SentBytes);
        facts.Number("still-retiring", (ulong)after.Flows.Count(flow => flow.Retiring));

        void SendAndClose(int count)
        {
            using var talk = new Talk(listener);
            talk.SendToServer(count);
            talk.Finish();
        }
    }

    /// <summary>In another network namespace, by another process.</summary>
    private static void Namespace(ProbePath path, Facts facts)
    {
        const string moved = "/tmp/moved-in-namespace";
        using var table = new Table(path);
        using (var other = Process.Start("/bin/unshare", ["-n", "sh", "-c", $"ip link set lo up && /guest/kernel-guest traffic {moved}"]))
        {
            other.WaitForExit();
        }

        var (port, toServer, toClient) = AgentRun.Moved(moved);
        var ends = table.Poll(port);
        facts.Number("namespaces", (ulong)ends.Flows.Select(flow => flow.Key.Netns).Distinct().Count());
        Compare(facts, ends, toServer, toClient, AgentRun.Connections);
    }

    /// <summary>Polls until an open connection is counted as far as it has come. A received byte that may be a FIN is held back until it has rested.</summary>
    private static Ends Settled(Table table, int port, Talk talk)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            var ends = table.Poll(port);
            if (Stopwatch.GetElapsedTime(began) > Patience || (ends.Server.ReceivedBytes == talk.ToServer && ends.Client.SentBytes == talk.ToServer
                && ends.Client.ReceivedBytes == talk.ToClient && ends.Server.SentBytes == talk.ToClient))
            {
                return ends;
            }
        }
    }

    private static void Compare(Facts facts, Ends ends, ulong toServer, ulong toClient, int connections, int? closed = null, string prefix = "")
    {
        facts.Pair(prefix + "client-sent", toServer, ends.Client.SentBytes);
        facts.Pair(prefix + "client-received", toClient, ends.Client.ReceivedBytes);
        facts.Pair(prefix + "server-sent", toClient, ends.Server.SentBytes);
        facts.Pair(prefix + "server-received", toServer, ends.Server.ReceivedBytes);
        facts.Pair(prefix + "client-opened", (ulong)connections, ends.Client.Opened);
        facts.Pair(prefix + "server-opened", (ulong)connections, ends.Server.Opened);
        facts.Pair(prefix + "client-closed", (ulong)(closed ?? connections), ends.Client.Closed);
        facts.Pair(prefix + "server-closed", (ulong)(closed ?? connections), ends.Server.Closed);
        if (closed is null)
        {
            facts.Pair(prefix + "client-past-sent", toServer, ends.Client.PastSentBytes);
            facts.Pair(prefix + "server-past-received", toServer, ends.Server.PastReceivedBytes);
        }
    }

    private static ulong Sum<T>(IEnumerable<T> all, Func<T, ulong> what) => all.Aggregate(0UL, (sum, one) => sum + what(one));
}
