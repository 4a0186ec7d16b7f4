using System.Runtime.InteropServices;
using Caretta.Node.Kernel;

namespace Caretta.KernelGuest;

/// <summary>
/// What an operation takes with nothing attached and with each path, in turns. Both ends are in one thread, whose time alone counts: behind it the kernel
/// still frees the tables of the turn before.
/// </summary>
internal static partial class Cost
{
    private const int ThreadTime = 3; // CLOCK_THREAD_CPUTIME_ID
    private const double NanosecondsPerSecond = 1e9;
    private const int Rounds = 5;
    private const int Connections = 300;
    private const int Exchanges = 1500;
    private const int Writes = 150;
    private const int WriteSize = 32 * 1024;

    public static Facts Measure()
    {
        var facts = new Facts("cost");
        (string Name, Func<double> Load)[] loads = [("churn", Churn), ("pingpong", PingPong), ("bulk", Bulk)];
        ProbePath?[] paths = [null, ProbePath.Tracing, ProbePath.Kprobe];
        foreach (var (name, load) in loads)
        {
            var samples = paths.Select(_ => new List<double>()).ToArray();
            for (var round = -2; round < Rounds; round++) // the first two warm up: the runtime compiles, and compiles again
            {
                for (var turn = 0; turn < paths.Length; turn++)
                {
                    var which = (turn + round + 2) % paths.Length;
                    using var table = paths[which] is { } path ? new Table(path) : null;
                    var cost = load();
                    if (round >= 0)
                    {
                        samples[which].Add(cost);
                    }
                }
            }

            for (var which = 0; which < paths.Length; which++)
            {
                facts.Number($"{name}-{paths[which]?.ToString() ?? "none"}", (ulong)samples[which].Order().ElementAt(Rounds / 2));
            }
        }

        return facts;
    }

    /// <summary>Connect, a byte each way, close.</summary>
    private static double Churn()
    {
        using var listener = Talk.Listen();
        var began = Now();
        for (var i = 0; i < Connections; i++)
        {
            using var talk = new Talk(listener);
            talk.SendToServer(1);
            talk.SendToClient(1);
        }

        return Nanoseconds(began, Connections);
    }

    /// <summary>A byte each way.</summary>
    private static double PingPong()
    {
        using var listener = Talk.Listen();
        using var talk = new Talk(listener);
        var began = Now();
        for (var i = 0; i < Exchanges; i++)
        {
            talk.SendToServer(1);
            talk.SendToClient(1);
        }

        return Nanoseconds(began, Exchanges);
    }

    private static double Bulk()
    {
        using var listener = Talk.Listen();
        using var talk = new Talk(listener);
        var began = Now();
        for (var i = 0; i < Writes; i++)
        {
            talk.SendToServer(WriteSize);
        }

        return Nanoseconds(began, Writes);
    }

    private static double Nanoseconds(double began, int operations) => (Now() - began) / operations;

    private static double Now()
    {
        _ = ClockGetTime(ThreadTime, out var now);
        return (now.Seconds * NanosecondsPerSecond) + now.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Time time);

    private readonly record struct Time(long Seconds, long Nanoseconds);
}
