using System.Globalization;
using System.Text;

namespace Caretta.Benchmarks.Kernel;

/// <summary>What counting costs the connections that are counted.</summary>
internal sealed class KernelBenchmark : IBenchmark
{
    private const int Rounds = 41;
    private const int RoundMilliseconds = 250;

    private static readonly (string Command, string Name)[] Loads =
    [
        ("pingpong 1", "ping-pong, 1 connection"),
        ("pingpong 200", "ping-pong, 200 connections"),
        ("bulk", "bulk, 64 KiB writes"),
        ("churn", "churn: connect, ping-pong, close"),
    ];

    public string Name => "kernel";

    public string Run()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("caretta-bench-").FullName;
        try
        {
            using var baseline = new PerSegmentProbe(folder);
            BenchPins.Clear();
            LoadGenerator.Compile(folder);
            using var load = new LoadGenerator(folder);
            IProbe[] probes = [new NoProbe("none"), new NoProbe("none again"), new OurProbe(), baseline];
            var costs = Loads.Select(kind => (kind.Name, Costs: Measure(load, kind.Command, probes))).ToList();
            return Table(costs) + Churn(costs[^1].Costs) + ProgramTable(load, probes);
        }
        finally
        {
            BenchPins.Clear();
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Nanoseconds per operation, by probe. All of them take turns in each round, each round beginning with another one.</summary>
    private static Samples[] Measure(LoadGenerator load, string command, IProbe[] probes)
    {
        var samples = Array.ConvertAll(probes, _ => new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            for (var turn = 0; turn < probes.Length; turn++)
            {
                var index = (round + turn) % probes.Length;
                using var attached = probes[index].Attach();
                samples[index].Add(RunUnder(attached, load, command).Nanoseconds);
            }
        }

        return samples;
    }

    private static LoadResult RunUnder(IAttachedProbe attached, LoadGenerator load, string command)
    {
        load.Begin(command, RoundMilliseconds);
        Thread.Sleep(RoundMilliseconds / 2);
        attached.Poll();
        return load.End();
    }

    private static string Table(List<(string Name, Samples[] Costs)> costs)
    {
        var text = new StringBuilder()
            .AppendLine("| load | CPU per operation, nothing attached | nothing attached, again | ours | per segment |")
            .AppendLine("| --- | --- | --- | --- | --- |");
        foreach (var (name, samples) in costs)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {samples[0].Median / 1000:F2} µs |");
            foreach (var probe in samples[1..])
            {
                text.Append(CultureInfo.InvariantCulture, $" {Percent(probe.Over(samples[0]))} |");
            }

            text.AppendLine();
        }

        return text.AppendLine().ToString();
    }

    private static string Percent(Samples ratio) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Change(ratio.Median):+0.0;−0.0;0.0} % ({Change(ratio.Quantile(0.25)):+0.0;−0.0;0.0} … {Change(ratio.Quantile(0.75)):+0.0;−0.0;0.0})");

    private static double Change(double ratio) => Math.Round((ratio - 1) * 100, 1);

    private static string Churn(Samples[] costs)
    {
        var (ours, theirs) = (costs[2].Less(costs[0]), costs[3].Less(costs[0]));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"A connection of the churn, both ends: ours {Microseconds(ours)}, per segment {Microseconds(theirs)}; {ours.Median / theirs.Median:F2} of it.\n\n");
    }

    private static string Microseconds(Samples cost) => string.Create(
        CultureInfo.InvariantCulture, $"{cost.Median / 1000:F2} µs ({cost.Quantile(0.25) / 1000:F2} … {cost.Quantile(0.75) / 1000:F2})");

    /// <summary>Apart from the rounds, because counting the runs costs as well.</summary>
    private static string ProgramTable(LoadGenerator load, IProbe[] probes)
    {
        using var statistics = new ProgramStatistics();
        var text = new StringBuilder("| load | program | runs per operation | ns per run |\n| --- | --- | --- | --- |\n");
        foreach (var (command, name) in Loads.Where(load => load.Command is "pingpong 200" or "churn"))
        {
            foreach (var probe in probes)
            {
                using var attached = probe.Attach();
                var before = attached.Programs.Select(program => ProgramStatistics.Of(program.Id)).ToList();
                var operations = RunUnder(attached, load, command).Operations;
                foreach (var (program, start) in attached.Programs.Zip(before))
                {
                    var end = ProgramStatistics.Of(program.Id);
                    var (runs, nanoseconds) = (end.Runs - start.Runs, end.Nanoseconds - start.Nanoseconds);
                    text.AppendLine(
                        CultureInfo.InvariantCulture,
                        $"| {name} | {probe.Name}: `{program.Name}` | {(double)runs / operations:0.###} | {(runs == 0 ? "" : $"{nanoseconds / runs}")} |");
                }
            }
        }

        return text.ToString();
    }
}
