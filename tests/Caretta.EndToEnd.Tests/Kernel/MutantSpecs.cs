using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Deliberate faults of the programs: each miscounts in a scenario that the sound ones get right.</summary>
[Trait("Category", "Mutants")]
public sealed class MutantSpecs(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    [PrivilegedFact(Explicit = true)]
    public void Counting_without_compare_and_swap_is_noticed() => AssertNoticed("NO_CAS", CountWhileTwoFoldsRace);

    [PrivilegedFact(Explicit = true)]
    public void Counting_what_was_put_on_the_wire_is_noticed() => AssertNoticed("BYTES_SENT", CountUnderLoss);

    [PrivilegedFact(Explicit = true)]
    public void Forgetting_a_socket_at_its_close_is_noticed() => AssertNoticed("DELETE_AT_CLOSE", CountWithTwoGenerations);

    [PrivilegedFact(Explicit = true)]
    public void Counting_what_was_there_before_is_noticed() => AssertNoticed("BASELINE_IGNORED", CountOlderConnection);

    private static void AssertNoticed(string mutant, Func<string[], (ulong Truth, ulong Counted)> scenario)
    {
        var sound = scenario([]);
        Assert.Equal(sound.Truth, sound.Counted);
        var faulty = scenario([$"MUTANT={mutant}"]);
        Assert.NotEqual(faulty.Truth, faulty.Counted);
    }

    /// <summary>Two folds set out together over the same sockets: they meet at many of them.</summary>
    private (ulong Truth, ulong Counted) CountWhileTwoFoldsRace(string[] variables)
    {
        const int Rounds = 3_000;
        using var table = new TableUnderTest(options => options with { ObjectFile = BpfObjects.Build(variables) });
        using var listener = hosts.Server.Listen(AddressFamily.InterNetwork);
        var pairs = Enumerable.Range(0, 100).Select(_ => new Pair(hosts, Family.Ipv4, listener: listener)).ToList();
        var fold = Directory.EnumerateFiles(table.PinFolder, "fold", SearchOption.AllDirectories).Single();
        var arrived = 0;
        void FoldTogether(int round)
        {
            // A fold is over before a sleeping thread has woken: who is first stays awake for the other.
            Interlocked.Increment(ref arrived);
            while (Volatile.Read(ref arrived) < 2 * (round + 1))
            {
                Thread.SpinWait(1);
            }

            PinnedIterator.Run(fold, new byte[4096]);
        }

        var other = new Thread(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                FoldTogether(i);
            }
        });
        other.Start();
        for (var i = 0; i < Rounds; i++)
        {
            pairs.ForEach(pair => pair.SendToServer(10));
            FoldTogether(i);
        }

        other.Join();
        pairs.ForEach(pair => pair.CloseBoth());
        return ((ulong)pairs.Sum(pair => (long)pair.ToServer), Client(table, pairs[0]).SentBytes);
    }

    private static (ulong Truth, ulong Counted) CountUnderLoss(string[] variables)
    {
        using var lossy = new TwoHosts();
        lossy.Server.LosePackets(5);
        using var table = new TableUnderTest(options => options with { ObjectFile = BpfObjects.Build(variables) });
        using var pair = new Pair(lossy, Family.Ipv4);
        pair.SendToServer(300_000);
        pair.CloseBoth();
        return (pair.ToServer, Client(table, pair).SentBytes);
    }

    /// <summary>As in the middle of an upgrade, when both builds are attached.</summary>
    private (ulong Truth, ulong Counted) CountWithTwoGenerations(string[] variables)
    {
        using var table = new TableUnderTest(options => options with { ObjectFile = BpfObjects.Build([.. variables, "BUILD=first"]) });
        var programs = Path.GetDirectoryName(Directory.EnumerateFiles(table.PinFolder, "on_state", SearchOption.AllDirectories).Single())!;
        var hidden = Path.Combine(Path.GetDirectoryName(programs)!, "hidden");
        Directory.Move(programs, hidden); // else the second build would take the first one off
        table.Reopen(options => options with { ObjectFile = BpfObjects.Build([.. variables, "BUILD=second"]) });
        using var pair = new Pair(hosts, Family.Ipv4);
        pair.SendToServer(1000);
        pair.CloseBoth();
        Directory.Move(hidden, programs + "-first");
        return (pair.ToServer, Client(table, pair).SentBytes);
    }

    private (ulong Truth, ulong Counted) CountOlderConnection(string[] variables)
    {
        using var pair = new Pair(hosts, Family.Ipv4);
        pair.SendToServer(1000);
        using var table = new TableUnderTest(options => options with { ObjectFile = BpfObjects.Build(variables), FreshBoot = false });
        table.Table.Enrol();
        var before = pair.ToServer;
        pair.SendToServer(70);
        pair.CloseBoth();
        return (pair.ToServer - before, Client(table, pair).SentBytes);
    }

    private static LinkTotals Client(TableUnderTest table, Pair pair) => table.Poll(pair.Port).Client;
}
