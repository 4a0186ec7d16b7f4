using System.Globalization;
using System.Text;
using Caretta.Benchmarks.Kernel;

namespace Caretta.Benchmarks.Memory;

/// <summary>What the agent holds: its own pages, and what the kernel holds for it.</summary>
internal sealed class MemoryBenchmark : IBenchmark
{
    private const int Connections = 100_000;
    private const int Links = 5_000;
    private const int MeasuredPolls = 20;
    private const int OneInTen = 10;

    private static readonly (string, string) Agent = ("Caretta.Node", "caretta-node");
    private static readonly (string, string) Aggregator = ("Caretta.Aggregator", "caretta-aggregator");

    public string Name => "memory";

    public string Run()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("caretta-bench-").FullName;
        try
        {
            LoadGenerator.Compile(folder);
            using var cgroup = MemoryCgroup.Create($"caretta-bench-{Environment.ProcessId}");
            var text = new StringBuilder()
                .AppendLine(CultureInfo.InvariantCulture, $"The agent ran in {cgroup?.Description ?? "no cgroup of its own: none could be made here"}.").AppendLine()
                .AppendLine("| | RSS | private | cgroup: all | of it pages of files | of it the kernel's |")
                .AppendLine("| --- | --- | --- | --- | --- | --- |");
            Measure(folder, cgroup, text);
            return text.AppendLine("| idle, Go, published | 132 MB | | 311 MB | | |").ToString();
        }
        finally
        {
            BenchPins.Clear();
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string folder, MemoryCgroup? cgroup, StringBuilder text)
    {
        BenchPins.Clear();
        var (http, ingress, agentHttp) = (StartedProgram.FreePort(), StartedProgram.FreePort(), StartedProgram.FreePort());
        using var aggregator = new StartedProgram(
            Aggregator, http, cgroup: null,
            $"--Caretta:Aggregator:DataFolder={folder}/aggregator", Setting("Aggregator:HttpPort", http),
            Setting("Aggregator:IngressPort", ingress), "--Caretta:Aggregator:RemotePort=0", "--Caretta:Aggregator:Security=Off");
        aggregator.WaitUntilReady();
        using var agent = new StartedProgram(
            Agent, agentHttp, cgroup,
            $"--Caretta:Node:DataFolder={folder}/node", $"--Caretta:Node:RunFolder={folder}/run", $"--Caretta:Node:PinFolder={BenchPins.Folder}",
            Setting("Node:HttpPort", agentHttp), $"--Caretta:Node:Aggregator=http://127.0.0.1:{ingress}", "--Caretta:Node:PollInterval=00:00:01",
            "--Caretta:Node:DetachOnStop=true", "--Caretta:Node:Security=Off");
        agent.WaitUntilReady();

        WaitForPolls(agent, MeasuredPolls);
        Add(text, "idle", agent, cgroup);
        using var connections = new HeldConnections(folder, Connections, Links, eachFromAnotherAddress: false);
        for (var poll = 0; poll < MeasuredPolls; poll++)
        {
            connections.Touch(poll % OneInTen, OneInTen);
            WaitForPolls(agent, 1);
        }

        var flows = agent.Metric("caretta_node_flows");
        Add(text, string.Create(CultureInfo.InvariantCulture, $"{Connections:N0} connections, {flows:N0} flows, a tenth busy"), agent, cgroup);
    }

    private static string Setting(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"--Caretta:{name}={value}");

    private static void WaitForPolls(StartedProgram agent, int polls)
    {
        var enough = agent.Metric("caretta_node_polls_total") + polls;
        agent.WaitUntil("polls", () => agent.Metric("caretta_node_polls_total") >= enough);
    }

    private static void Add(StringBuilder text, string when, StartedProgram agent, MemoryCgroup? cgroup) => text.AppendLine(
        CultureInfo.InvariantCulture,
        $"| {when} | {Megabytes(agent.ResidentBytes)} | {Megabytes(agent.PrivateBytes)} | {Megabytes(cgroup?.TotalBytes)} "
        + $"| {Megabytes(cgroup?.FileBytes)} | {Megabytes(cgroup?.KernelBytes)} |");

    private static string Megabytes(long? bytes) => bytes is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB");
}
