using System.Diagnostics;
using System.Globalization;
using System.Text;
using Caretta.Aggregator.Directory.Index;
using Caretta.Messages;

namespace Caretta.Benchmarks.Directory;

/// <summary>The index alone, on one thread: memory, filling it, and asking it.</summary>
internal sealed class IndexCost
{
    private const int Rounds = 9;
    private const int Questions = 1_000_000;
    private const int KnownOfTen = 9;

    private readonly Samples _megabytes = new();
    private readonly Samples _loadMilliseconds = new();
    private readonly Samples _relistMilliseconds = new();
    private readonly Samples _changesMilliseconds = new();
    private readonly Samples _nanosecondsPerLookup = new();
    private readonly Samples _bytesPerLookup = new();

    public static string Measure()
    {
        var cost = new IndexCost();
        for (var round = 0; round < Rounds; round++)
        {
            cost.MeasureOnce(round);
        }

        return cost.Table();
    }

    private static double Milliseconds(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static Subject[] Asked(int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, Questions)
                .Select(_ => random.Next(LargeCluster.Pods) + (random.Next(10) < KnownOfTen ? 0 : LargeCluster.Pods))
                .Select(number => Subject.Of(LargeCluster.PodAddress(number))),
        ];
    }

    private void MeasureOnce(int round)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new WorkloadIndex(new IndexSettings());
        _loadMilliseconds.Add(LargeCluster.Load(index, TimeSpan.FromSeconds(1)).TotalMilliseconds);
        _changesMilliseconds.Add(Milliseconds(() => index.DrainChanged()));
        index.Expire(TimeSpan.FromMinutes(1));
        _megabytes.Add((GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6);
        Ask(index, Asked(round));
        _relistMilliseconds.Add(LargeCluster.Load(index, TimeSpan.FromMinutes(2)).TotalMilliseconds);
    }

    private void Ask(WorkloadIndex index, Subject[] subjects)
    {
        var (from, now, held) = (TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(90), 0);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var milliseconds = Milliseconds(() =>
        {
            foreach (var subject in subjects)
            {
                held += index.TimelineOf(subject, from, now).Last.Knowledge == Knowledge.Held ? 1 : 0;
            }
        });
        _bytesPerLookup.Add((double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / Questions);
        _nanosecondsPerLookup.Add(milliseconds * 1e6 / Questions);
        if (held < Questions * 0.89 || held > Questions * 0.91)
        {
            throw new InvalidOperationException($"{held:N0} of {Questions:N0} addresses are held; nine in ten should be.");
        }
    }

    private string Table() => new StringBuilder()
        .AppendLine("| objects | memory | filling | the same lists again | taking the changes | lookups a second | a lookup | allocated by it |")
        .AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- |")
        .AppendLine(
            CultureInfo.InvariantCulture,
            $"| {LargeCluster.Objects:N0} | {_megabytes.Median:F1} MB | {_loadMilliseconds.Median:F0} ms | {_relistMilliseconds.Median:F0} ms "
            + $"| {_changesMilliseconds.Median:F0} ms | {1e3 / _nanosecondsPerLookup.Median:F1} M | {_nanosecondsPerLookup.Median:F0} ns "
            + $"| {_bytesPerLookup.Median:F0} bytes |")
        .ToString();
}
