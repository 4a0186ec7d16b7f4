using System.Globalization;
using Caretta.EndToEnd.Tests.Cluster.Faults;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>
/// Everything production does to a cluster, in a random order and overlapping, while applications talk. Afterwards each total of a host whose
/// ledger stayed whole equals what the applications sent, those of the others are not above it, and no exported total ever fell.
/// Every kind of fault occurs. CARETTA_SEED repeats a run's order; CARETTA_SOAK (a time, 01:00:00) runs all of them again and again for so long;
/// CARETTA_FAULTS (Killed,Paused) runs only those kinds; CARETTA_LOGS (a folder) keeps what each process said; CARETTA_QUIET says that the machine does
/// nothing else, so that how long shards are away when members hand them over is checked, and not only written down.
/// </summary>
public sealed class ChaosSpecs(ITestOutputHelper output)
{
    private const int LeastRebalances = 20;

    /// <summary>Two poll intervals of the default length.</summary>
    private static readonly TimeSpan MostAway = TimeSpan.FromSeconds(10);

    /// <summary>Few connections, so that none ends in an interrupt of a sandbox's supervisor; bytes are moved on the long one as well.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    [PrivilegedFact]
    public Task Nothing_is_lost_doubled_or_lowered_by_all_that_can_happen() => HiddenChanges.Excluded(output, async () =>
    {
        var seed = Setting("CARETTA_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"CARETTA_SEED={seed}");
        await using var cluster = await ClusterUnderTest.Start(seed);
        using var stop = new CancellationTokenSource();
        var talking = Task.Run(() => cluster.Traffic.Until(stop.Token, Pace));
        var schedule = new FaultSchedule(new Random(seed), output);
        var until = DateTime.UtcNow + (Setting("CARETTA_SOAK") is { } time ? TimeSpan.Parse(time, CultureInfo.InvariantCulture) : TimeSpan.Zero);
        do
        {
            await schedule.Run(cluster, AllKinds().Where(IsWanted));
        }
        while (DateTime.UtcNow < until);

        for (var more = 0; IsWhole && more < LeastRebalances && cluster.Handovers().Rebalances < LeastRebalances; more++)
        {
            await schedule.Run(cluster, [new MemberComesAndGoes(ClusterUnderTest.SpareMember)]);
        }

        await stop.CancelAsync();
        await talking;
        cluster.Traffic.CloseLongConnection();
        await cluster.Settles();
        await cluster.ReadJournal("verify");
        cluster.VerifyTraces(schedule.Traces);
        Verify(cluster.VerifyExports(), schedule);
        output.WriteLine($"{cluster.Traffic.Truth}");
    }, attempts: 2, canExplain: failed => failed is UnseenTrafficException);

    private void Verify(Handovers handovers, FaultSchedule schedule)
    {
        List<(int Shard, long Until, long From)> gaps =
            [.. handovers.Gaps.Where(gap => schedule.WasGentle(gap.Until, gap.From)).OrderBy(gap => gap.From - gap.Until)];
        output.WriteLine($"{handovers.Moves.Count} moves of shards in {handovers.Rebalances} rebalances; {schedule.Overlaps} faults overlapped others");
        output.WriteLine(gaps.Count == 0
            ? "no hand-over was left alone"
            : $"{gaps.Count} hand-overs took {Seconds(gaps[gaps.Count / 2]):0.00} s in the middle, {Seconds(gaps[^1]):0.00} s at most");
        foreach (var gap in gaps.Where(gap => Seconds(gap) > MostAway.TotalSeconds / 2))
        {
            output.WriteLine($"shard {gap.Shard} was away from {schedule.At(gap.Until):0.0} s to {schedule.At(gap.From):0.0} s");
        }

        if (Setting("CARETTA_QUIET") is not null)
        {
            Assert.All(gaps, gap => Assert.True(Seconds(gap) <= MostAway.TotalSeconds, $"Shard {gap.Shard} was away for {Seconds(gap)} s."));
        }

        if (IsWhole)
        {
            Assert.True(schedule.Overlaps > 0, "Faults must overlap.");
            Assert.True(handovers.Rebalances >= LeastRebalances, $"Only {handovers.Rebalances} rebalances.");
        }
    }

    private static IEnumerable<Fault> AllKinds()
    {
        var (a, b, c) = (ClusterUnderTest.SoundAgents[0], ClusterUnderTest.SoundAgents[1], ClusterUnderTest.UnluckyAgent);
        var members = ClusterUnderTest.StartMembers;
        var clocked = ClusterUnderTest.Clocked;
        return
        [
            new Killed(a), new Killed(b), new Killed(members[0]), new Killed(members[1]), new Killed(members),
            new Terminated(a), new Terminated(members[2]),
            new Paused(a, Seconds(3)), new Paused(b, Seconds(10)), new Paused(a, Seconds(60)),
            new Paused(members[0], Seconds(3)), new Paused(members[1], Seconds(10)), new Paused(members[2], Seconds(60)),
            new DatabaseKilled(), new DatabaseStopped(Seconds(8)), new DatabasePaused(Seconds(3)), new DatabasePaused(Seconds(20)), new DatabaseRestored(),
            new LedgerLost(c), new LedgerRolledBack(c), new LedgerCloned(c, ClusterUnderTest.CloneAgent), new RetiredSourceReturns(c),
            new Partition(members[0], [members[1], members[2]], Seconds(25)),
            new Partition(members[1], [ClusterUnderTest.Database], Seconds(15)),
            new Partition(b, members, Seconds(15)),
            new PoorNetwork(Seconds(30)),
            new ClockJump(clocked[0], TimeSpan.FromHours(1), Seconds(8)), new ClockJump(clocked[1], TimeSpan.FromHours(-1), Seconds(8)),
            new FullDisk(b),
            new RollingRestart(members),
            new StoppedWriter(members[1]),
            new MemberComesAndGoes(ClusterUnderTest.SpareMember),
        ];
    }

    private static bool IsWhole => Setting("CARETTA_FAULTS") is null;

    private static bool IsWanted(Fault fault) =>
        (Setting("CARETTA_FAULTS") ?? "").Split(',').Any(kind => $"{fault}".StartsWith(kind, StringComparison.Ordinal));

    private static double Seconds((int Shard, long Until, long From) gap) => (gap.From - gap.Until) / 1e9;

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
