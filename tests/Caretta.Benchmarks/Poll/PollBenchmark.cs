using System.Globalization;
using System.Text;
using Caretta.Benchmarks.Kernel;
using Caretta.Node;
using Caretta.Node.Forward;
using Caretta.Node.Kernel;
using Caretta.Node.Ledger;
using Caretta.Node.Names;
using Caretta.Node.Probe;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;

namespace Caretta.Benchmarks.Poll;

/// <summary>What a poll of the agent costs: the kernel's part, names, ledger and its commit to the disk, with real sockets and real tables.</summary>
internal sealed class PollBenchmark : IBenchmark
{
    private const int WarmUps = 4;

    /// <summary>Busy polls see a byte on every tenth connection, spread over all links: the most rows such traffic can change.</summary>
    private const int OneInTen = 10;

    /// <summary>The last byte of a connection counts once it is certain that it is no FIN; afterwards nothing is left to move.</summary>
    private static readonly TimeSpan UntilNothingIsHeldBack = TimeSpan.FromMilliseconds(20);

    private static readonly PollCase[] Cases =
    [
        new(1_000, 50, EachItsOwnFlow: false, Rounds: 30),
        new(1_000, 500, EachItsOwnFlow: false, Rounds: 30, Published: "9 ms"),
        new(10_000, 500, EachItsOwnFlow: false, Rounds: 30),
        new(100_000, 5_000, EachItsOwnFlow: false, Rounds: 15, Published: "1,000–1,200 ms"),
        new(100_000, 5_000, EachItsOwnFlow: true, Rounds: 10, Published: "1,000–1,200 ms"),
    ];

    public string Name => "poll";

    public string Run()
    {
        var cpu = new StringBuilder()
            .AppendLine("| connections | links | flows | idle poll | of it in the kernel: fold | read | poll with bytes on every tenth | looking for older sockets | Go, published |")
            .AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        var garbage = new StringBuilder()
            .AppendLine("| connections | links | flows | allocated, idle poll | allocated, poll with bytes on every tenth |")
            .AppendLine("| --- | --- | --- | --- | --- |");
        foreach (var benchmark in Cases)
        {
            Measure(benchmark, cpu, garbage);
        }

        return $"{cpu}\n{garbage}";
    }

    private static void Measure(PollCase benchmark, StringBuilder cpu, StringBuilder garbage)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("caretta-bench-").FullName;
        try
        {
            LoadGenerator.Compile(folder);
            BenchPins.Clear();
            using var poller = Open(folder, benchmark);
            using var connections = new HeldConnections(folder, benchmark.Connections, benchmark.Links, benchmark.EachItsOwnFlow);
            var measured = new MeasuredPolls(poller, (IFlowTable)poller.TableOnly(), connections);
            measured.Run(WarmUps, new MeasuredPolls.Costs());
            var costs = new MeasuredPolls.Costs();
            var flows = measured.Run(benchmark.Rounds, costs);
            Add(cpu, garbage, benchmark, flows, costs);
        }
        finally
        {
            BenchPins.Clear();
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    private static Poller Open(string folder, PollCase benchmark)
    {
        var options = new NodeOptions
        {
            DataFolder = Path.Combine(folder, "data"),
            RunFolder = Path.Combine(folder, "run"),
            PinFolder = BenchPins.Folder,
            NodeName = "bench",
        };
        if (benchmark.EachItsOwnFlow)
        {
            options.MaxFlows = 2 * benchmark.Connections;
        }

        var store = LedgerStore.Open(options.DataFolder, TimeProvider.System);
        return new ProbeStart(
            options, new KernelFlowTables(options), store, store.SetAside is not null, new HostNames(options.NodeName, CgroupTree.Read),
            new NodeMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), TimeProvider.System, NullLogger.Instance).Open();
    }

    private static void Add(StringBuilder cpu, StringBuilder garbage, PollCase benchmark, int flows, MeasuredPolls.Costs costs)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"| {benchmark.Connections:N0} | {benchmark.Links:N0} | {flows:N0} |");
        cpu.AppendLine(
            CultureInfo.InvariantCulture,
            $"{what} {costs.Idle.Milliseconds.Median:F1} ms | {costs.Fold.Milliseconds.Median:F1} ms | {costs.Read.Milliseconds.Median:F1} ms "
            + $"| {costs.Busy.Milliseconds.Median:F1} ms | {costs.Enrol.Milliseconds.Median:F1} ms | {benchmark.Published} |");
        garbage.AppendLine(
            CultureInfo.InvariantCulture,
            $"{what} {costs.Idle.AllocatedBytes.Median / 1000:N1} kB | {costs.Busy.AllocatedBytes.Median / 1000:N1} kB |");
    }

    /// <summary>Idle and busy polls in turns.</summary>
    private sealed class MeasuredPolls(Poller poller, IFlowTable table, HeldConnections connections)
    {
        /// <returns>Flows in the table.</returns>
        public int Run(int rounds, Costs costs)
        {
            var flows = 0;
            for (var round = 0; round < rounds; round++)
            {
                PollTwice();
                costs.Idle.Measure(Poll);
                costs.Fold.Measure(table.Fold);
                flows = 0;
                costs.Read.Measure(() => table.Read((in FlowRecord _) => flows++));
                connections.Touch(round % OneInTen, OneInTen);
                Thread.Sleep(UntilNothingIsHeldBack);
                costs.Busy.Measure(Poll);
                costs.Enrol.Measure(() => table.Enrol());
            }

            return flows;
        }

        private void PollTwice()
        {
            for (var poll = 0; poll < 2; poll++)
            {
                Poll();
                Thread.Sleep(UntilNothingIsHeldBack);
            }
        }

        private void Poll()
        {
            if (poller.Run() is not (ReportsCommitted or SourceStarted))
            {
                throw new InvalidOperationException("A poll failed.");
            }
        }

        public sealed class Costs
        {
            public PollCost Idle { get; } = new();

            public PollCost Fold { get; } = new();

            public PollCost Read { get; } = new();

            public PollCost Busy { get; } = new();

            public PollCost Enrol { get; } = new();
        }
    }
}
