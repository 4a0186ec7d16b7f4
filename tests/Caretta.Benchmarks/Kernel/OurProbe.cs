using Caretta.Node.Kernel;

namespace Caretta.Benchmarks.Kernel;

/// <summary>The agent's own programs and tables, made and removed each time.</summary>
internal sealed class OurProbe : IProbe
{
    public string Name => "ours";

    public IAttachedProbe Attach() => new Attached(KernelFlowTable.Open(new FlowTableOptions { PinFolder = BenchPins.Folder, ByProcess = true }));

    private sealed class Attached(KernelFlowTable table) : IAttachedProbe
    {
        private static readonly string[] ProgramNames = ["on_state", "on_state_missed", "fold", "read_flows"];

        public IReadOnlyList<(string Name, int Id)> Programs { get; } =
            [.. ProgramNames.Select(name => (name, ProgramStatistics.IdOfPinned(Pins(name).Single())))];

        public void Poll()
        {
            table.Fold();
            table.Read((in FlowRecord _) => { });
        }

        public void Dispose()
        {
            table.Detach();
            table.Remove();
            table.Dispose();
        }

        private static string[] Pins(string name) => System.IO.Directory.GetFiles(BenchPins.Folder, name, SearchOption.AllDirectories);
    }
}
